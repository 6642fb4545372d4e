import { serializeError, withoutPersonalData } from '@leftfold/core';
import type { LoggerOptions } from 'pino';

/** Loggers with which Nest lists every module and every route. */
const CHATTER = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);
const INFO = 30;

/**
 * Drops Nest's list of modules and routes, so that startup shows the lines that matter; warnings and errors pass. Masks
 * personal data in every line.
 */
export const quietStart: NonNullable<LoggerOptions['hooks']> = {
  logMethod(args, write, level) {
    const [first] = args as unknown[];
    const context = typeof first === 'object' && first !== null && 'context' in first ? first.context : undefined;
    if (level === INFO && typeof context === 'string' && CHATTER.has(context)) return;
    const plain = (args as unknown[]).map((each) => (typeof each === 'string' ? withoutPersonalData(each) : each));
    const error = errorIn(first);
    // Without a text, Pino logs an error's own message unchanged.
    if (error && plain[1] === undefined) plain.splice(1, 1, serializeError(error).message);
    write.apply(this, plain as typeof args);
  },
};

function errorIn(first: unknown): Error | undefined {
  if (first instanceof Error) return first;
  const error = typeof first === 'object' && first !== null && 'err' in first ? first.err : undefined;
  return error instanceof Error ? error : undefined;
}
