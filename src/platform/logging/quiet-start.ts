import type { LoggerOptions } from 'pino';
import { withoutAddresses } from './without-addresses.js';

/** Where Nest tells of every module and every route that it found. */
const CHATTER = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);
const INFO = 30;

/**
 * Drops Nest's list of what it loaded, so that a start shows the lines that matter; warnings and errors pass. Takes e-mail addresses out
 * of what is said.
 */
export const quietStart: NonNullable<LoggerOptions['hooks']> = {
  logMethod(args, write, level) {
    const [first] = args as unknown[];
    const context = typeof first === 'object' && first !== null && 'context' in first ? first.context : undefined;
    if (level === INFO && typeof context === 'string' && CHATTER.has(context)) return;
    const plain = (args as unknown[]).map((each) => (typeof each === 'string' ? withoutAddresses(each) : each));
    write.apply(this, plain as typeof args);
  },
};
