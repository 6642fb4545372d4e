import { describeTarget, LiveNodes } from '@leftfold/core';
import { HttpAdapter, stopOnFailover, stopOnSignals } from '@leftfold/http';
import { printError, printFault } from '@leftfold/operations';
import { endOnUncaughtFaults } from '@leftfold/operations/cli';
import type { AddressInfo } from 'node:net';
import { type DynamicModule, Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger as PinoLogger } from 'nestjs-pino';
import { Settings } from '../config/settings.js';
import { listeningOn } from './listening-on.js';
import { explainStartFailure } from './start-failure.js';
import { configureApp } from '../http/configure-app.js';

/** Runs an application until it is told to stop. A failed start prints the reason on standard error, and ends with code 1. */
export async function serve(loadModule: () => Promise<DynamicModule>): Promise<void> {
  endOnUncaughtFaults();
  let app: NestFastifyApplication | undefined;
  try {
    app = await create(await loadModule());
    stopOnSignals(app);
    stopOnFailover(app);
    const { port, host, events, views, docs, role } = app.get(Settings);
    await app.listen(port, host);
    const logger = new Logger('Process');
    const url = listeningOn(app.getHttpServer().address() as AddressInfo);
    logger.log(`Listening on ${url}`);
    if (docs && role !== 'worker') logger.log(`The API is documented at ${url}/docs`);
    logger.log(`This node is ${app.get(LiveNodes).self}`);
    logger.log(`The event log is ${describeTarget(events)}, the read models are ${describeTarget(views)}`);
  } catch (error) {
    const sentence = explainStartFailure(error);
    if (sentence) printError(sentence);
    else printFault(error);
    // The start has failed and the reason was printed; an error while closing would hide it.
    await app?.close().catch(() => undefined);
    process.exit(1);
  }
}

async function create(module: DynamicModule): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(module, new HttpAdapter(), {
    abortOnError: false,
    // Kept until Pino can write them. Not shown when the start fails, because the sentence on standard error says it all.
    bufferLogs: true,
    autoFlushLogs: false,
  });
  app.useLogger(app.get(PinoLogger));
  app.flushLogs();
  return configureApp(app);
}
