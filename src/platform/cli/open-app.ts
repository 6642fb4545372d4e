import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { errorsAlone } from './errors-alone.js';

/** What was interrupted may take so long to end by itself before the databases are closed under it. In ms. */
const GRACE = 5_000;

/** Creates the application without a server, and closes it when the work is done, has failed, or is interrupted. */
export async function openApp<T>(
  module: DynamicModule,
  signal: AbortSignal,
  work: (app: INestApplicationContext) => Promise<T>,
): Promise<T> {
  // A start that fails is told by whoever awaits this; Nest would tell it first, with a stack.
  const app = await NestFactory.createApplicationContext(module, { abortOnError: false, logger: false });
  app.useLogger(errorsAlone);
  let result: T;
  try {
    signal.throwIfAborted();
    result = await Promise.race([work(app), interrupted(signal)]);
  } catch (error) {
    // That closing fails too would only hide the cause.
    await app.close().catch(() => undefined);
    throw error;
  }
  await app.close();
  return result;
}

function interrupted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => setTimeout(() => reject(signal.reason as Error), GRACE));
  });
}
