import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { configureHttp, HttpAdapter, stopOnFailover, stopOnSignals } from '@leftfold/http';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { requestKeyFrom } from './request-key.js';
import { settingsFrom } from './settings.js';

// Existing environment variables win over the file.
if (existsSync('.env')) process.loadEnvFile('.env');
const { databaseUrl, port, host } = settingsFrom(process.env);

const app = await NestFactory.create<NestFastifyApplication>(
  AppModule.forRoot(databaseUrl, requestKeyFrom(process.env)),
  new HttpAdapter(),
);
stopOnSignals(app);
// Its supervisor starts the process again, with nothing in memory that the new server may lack.
stopOnFailover(app);
await configureHttp(app, { docs: { title: 'my-shop', version: '1' } });
await app.listen(port, host);
const url = await app.getUrl();
new Logger('Process').log(`Listening on ${url}`);
new Logger('Process').log(`The API is documented at ${url}/docs`);
