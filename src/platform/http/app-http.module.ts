import { HttpModule } from '@leftfold/http';
import { Module } from '@nestjs/common';
import { Settings } from '../config/settings.js';

/** How this application reads requests and answers them. */
@Module({
  imports: [
    HttpModule.forRootAsync({
      inject: [Settings],
      useFactory: ({ idempotencyTtl }: Settings) => ({ idempotencyTtl }),
    }),
  ],
})
export class AppHttpModule {}
