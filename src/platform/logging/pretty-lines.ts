import { Logger } from '@nestjs/common';
import type { PrettyStream } from 'pino-pretty';

type Pretty = Pick<typeof import('pino-pretty'), 'PinoPretty'>;

/**
 * Readable log lines for development. The package is a development dependency, so a deployment lacks it.
 * @returns undefined without the package; a warning says how to get it
 */
export async function prettyLines(
  load: () => Promise<Pretty> = () => import('pino-pretty'),
): Promise<PrettyStream | undefined> {
  try {
    const { PinoPretty } = await load();
    return PinoPretty({
      ignore: 'pid,hostname,context',
      messageFormat: '{context} {msg}',
      translateTime: 'HH:MM:ss',
      singleLine: true,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    new Logger('Logging').warn(
      'Log lines are JSON, because the package pino-pretty is not installed. Run npm install to read them more easily, or set NODE_ENV=production.',
    );
    return undefined;
  }
}
