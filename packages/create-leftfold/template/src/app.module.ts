import { EventSourcingModule } from '@leftfold/core';
import { HttpModule } from '@leftfold/http';
import { type DynamicModule, Module } from '@nestjs/common';
import { appVersion } from './app-version.js';
import { RootController } from './root.controller.js';
import { TasksModule } from './tasks/tasks.module.js';

/** The application: the event log, HTTP, and the features. */
@Module({})
export class AppModule {
  /** @param requestKey keys the hashes of requests */
  static forRoot(databaseUrl: string, requestKey: string): DynamicModule {
    return {
      module: AppModule,
      imports: [
        EventSourcingModule.forRoot({ url: databaseUrl, node: { version: appVersion() } }),
        HttpModule.forRoot({ fingerprintSecrets: [requestKey] }),
        TasksModule,
      ],
      controllers: [RootController],
    };
  }
}
