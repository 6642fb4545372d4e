import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { errorLog } from './error-log.js';
import type { Output } from './output.js';

/** How long interrupted work may take to end before the databases are closed, in ms. */
const GRACE = 5_000;

/** Creates the application without a server, and closes it when the work is done, has failed, or is interrupted. */
export async function openApp<T>(
  module: DynamicModule,
  output: Output,
  signal: AbortSignal,
  work: (app: INestApplicationContext) => Promise<T>,
): Promise<T> {
  // The caller reports a failed start. Nest would report it first, with a stack.
  const app = await NestFactory.createApplicationContext(module, { abortOnError: false, logger: false });
  app.useLogger(errorLog(output));
  let result: T;
  try {
    signal.throwIfAborted();
    result = await withGrace(work(app), signal);
  } catch (error) {
    // An error while closing would hide the cause.
    await app.close().catch(() => undefined);
    throw error;
  }
  await app.close();
  return result;
}

/** Rejects when the work has not ended some time after the interruption. */
async function withGrace<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const ended = new AbortController();
  const late = new Promise<never>((_resolve, reject) => {
    const begin = (): void => {
      const timer = setTimeout(() => reject(signal.reason as Error), GRACE);
      ended.signal.addEventListener('abort', () => clearTimeout(timer));
    };
    signal.addEventListener('abort', begin, { signal: ended.signal });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    ended.abort();
  }
}
