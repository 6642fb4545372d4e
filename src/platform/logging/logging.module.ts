import { Module, RequestMethod } from '@nestjs/common';
import { LoggerModule, type Params } from 'nestjs-pino';
import { Settings } from '../config/settings.js';
import { logOptions } from './log-options.js';
import { prettyLines } from './pretty-lines.js';

/** nestjs-pino's own pattern for every route matches none in Nest 12: it gets a second slash in front. */
export const EVERY_ROUTE: Params['forRoutes'] = [{ path: '{*path}', method: RequestMethod.ALL }];

@Module({
  imports: [
    LoggerModule.forRootAsync({
      inject: [Settings],
      useFactory: async (settings: Settings) => ({ pinoHttp: await pinoHttpFor(settings), forRoutes: EVERY_ROUTE }),
    }),
  ],
})
export class LoggingModule {}

/** JSON lines for machines; where somebody sits before the terminal while developing, lines that are easy to read. */
async function pinoHttpFor({ logLevel, environment }: Settings): Promise<Params['pinoHttp']> {
  const options = logOptions(logLevel);
  if (environment !== 'development' || !process.stdout.isTTY) return options;
  const lines = await prettyLines();
  return lines ? [options, lines] : options;
}
