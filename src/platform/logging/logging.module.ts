import { Module, RequestMethod } from '@nestjs/common';
import { LoggerModule, type Params } from 'nestjs-pino';
import { Settings } from '../config/settings.js';
import { logOptions } from './log-options.js';
import { prettyLines } from './pretty-lines.js';

/** In Nest 12, nestjs-pino's own pattern for all routes matches none: it gets a second slash in front. */
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

/** JSON lines for machines; readable lines on a terminal during development. */
async function pinoHttpFor({ logLevel, environment, node }: Settings): Promise<Params['pinoHttp']> {
  const options = logOptions(logLevel, node.name);
  if (environment !== 'development' || !process.stdout.isTTY) return options;
  const lines = await prettyLines();
  return lines ? [options, lines] : options;
}
