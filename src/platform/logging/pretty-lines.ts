import { Logger } from '@nestjs/common';
import type { PrettyStream } from 'pino-pretty';

type Pretty = Pick<typeof import('pino-pretty'), 'PinoPretty'>;

/** A line of the log, as far as it is shown. */
interface Line {
  readonly context?: unknown;
  readonly req?: { readonly method?: string; readonly path?: string };
  readonly res?: { readonly statusCode?: number };
  readonly responseTime?: number;
}

/** `Process: Listening on ...`; of a request `POST /orders 201, 12 ms: request completed`. */
export function sentenceOf(line: object, messageKey: string): string {
  const { context, req, res, responseTime } = line as Line;
  const text = (line as Readonly<Record<string, unknown>>)[messageKey];
  const answered = [res?.statusCode, responseTime === undefined ? undefined : `in ${responseTime} ms`];
  const request = req ? [req.method, req.path, ...answered].filter((part) => part !== undefined).join(' ') : undefined;
  return [context, request, text].filter((part) => part !== undefined && part !== '').join(': ');
}

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
      ignore: 'pid,hostname,context,req,res,responseTime',
      messageFormat: sentenceOf,
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
