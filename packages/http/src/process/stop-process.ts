import { Databases } from '@leftfold/core';
import { type INestApplication, Logger } from '@nestjs/common';
import { Draining } from '../draining.js';

/** In ms. After this time running requests are cut off, so that the databases are closed in time. */
const PATIENCE = 7_000;
/** In ms. Process managers usually wait 10 s after the signal. */
const LIMIT = 9_500;
/**
 * In ms. Before the process ends, its last lines are written. Pino repeats a line for ever that can't be written at the end;
 * within this time it learns that nobody reads the log any more, because the reader got the same Ctrl+C.
 */
const LAST_LINES = 50;

/**
 * On `SIGTERM` and `SIGINT`, running work is finished, then the process ends with code 0, within 10 s. A second signal ends it
 * at once. In place of Nest's `enableShutdownHooks`.
 */
export function stopOnSignals(app: INestApplication): void {
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return end(1);
      stopping = true;
      void stop(app, signal, 0);
    });
  }
}

/**
 * When another server of PostgreSQL has taken over, the process ends with code 1, so that its supervisor starts it again
 * with nothing in memory.
 */
export function stopOnFailover(app: INestApplication): void {
  void app.get(Databases).failedOver.then((error) => {
    new Logger('Process').error(error.message);
    return stop(app, 'Failover', 1);
  });
}

async function stop(app: INestApplication, cause: string, code: number): Promise<void> {
  const logger = new Logger('Process');
  logger.log(`${cause}: stopping.`);
  app.get(Draining).begin();
  const patience = after(PATIENCE, () => {
    logger.warn('Some requests take too long; closing their connections.');
    (app.getHttpServer() as { closeAllConnections?: () => void }).closeAllConnections?.();
  });
  const limit = after(LIMIT, () => {
    logger.error('Stopping takes too long; ending the process now.');
    end(1);
  });
  try {
    await app.close();
    clearTimeout(patience);
    clearTimeout(limit);
    logger.log('Stopped.');
    end(code);
  } catch (error) {
    logger.error(error);
    end(1);
  }
}

function end(code: number): void {
  setTimeout(() => process.exit(code), LAST_LINES);
}

function after(ms: number, act: () => void): NodeJS.Timeout {
  return setTimeout(act, ms).unref();
}
