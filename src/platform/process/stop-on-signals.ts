import { Draining } from '@leftfold/http';
import { type INestApplication, Logger } from '@nestjs/common';

/** In ms. After this time running requests are cut off, so that the databases are closed in time. */
const PATIENCE = 7_000;
/** In ms. Process managers usually wait 10 s after the signal. */
const LIMIT = 9_500;

/** On `SIGTERM` and `SIGINT`, running work is finished, then the process ends with code 0. A second signal ends it at once. */
export function stopOnSignals(app: INestApplication): void {
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      void stop(app, signal);
    });
  }
}

async function stop(app: INestApplication, signal: string): Promise<void> {
  const logger = new Logger('Process');
  logger.log(`${signal}: stopping.`);
  app.get(Draining).begin();
  after(PATIENCE, () => {
    logger.warn('Some requests take too long; closing their connections.');
    (app.getHttpServer() as { closeAllConnections?: () => void }).closeAllConnections?.();
  });
  after(LIMIT, () => {
    logger.error('Stopping takes too long; ending the process now.');
    process.exit(1);
  });
  try {
    await app.close();
    logger.log('Stopped.');
    process.exit(0);
  } catch (error) {
    logger.error(error);
    process.exit(1);
  }
}

function after(ms: number, act: () => void): void {
  setTimeout(act, ms).unref();
}
