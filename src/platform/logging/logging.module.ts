import { Module, RequestMethod } from '@nestjs/common';
import { LoggerModule, type Params } from 'nestjs-pino';
import { Settings } from '../config/settings.js';
import { logOptions } from './log-options.js';

/** nestjs-pino's own pattern for every route matches none in Nest 12: it gets a second slash in front. */
export const EVERY_ROUTE: Params['forRoutes'] = [{ path: '{*path}', method: RequestMethod.ALL }];

@Module({
  imports: [
    LoggerModule.forRootAsync({
      inject: [Settings],
      useFactory: ({ logLevel }: Settings) => ({ pinoHttp: logOptions(logLevel), forRoutes: EVERY_ROUTE }),
    }),
  ],
})
export class LoggingModule {}
