import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import 'reflect-metadata';
import { HttpAdapter } from '@leftfold/http';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Target } from '../contract.js';
import { CHECKOUT } from '../harness/checkout.mjs';
import { urlOf } from '../leftfold/target-url.js';
import { send } from './send.js';
import type { Server } from './serve.js';
import { HTTP_SETTINGS } from './settings.js';

const OPERATOR = { email: 'olga@example.com', password: 'operators have long ones' };
export const SKUS = Array.from({ length: 20 }, (_, index) => `MUG-${index}`);

const sourceOf = (file: string): Promise<unknown> => import(pathToFileURL(join(CHECKOUT, 'src', file)).href);

/** The whole application. */
export async function serveLeftfold(target: Target, users: number): Promise<Server> {
  const { AppModule } = (await sourceOf('app.module.ts')) as typeof import('../../src/app.module.js');
  const { configureApp } = (await sourceOf(
    'platform/http/configure-app.ts',
  )) as typeof import('../../src/platform/http/configure-app.js');
  const module = AppModule.forRoot({
    ...HTTP_SETTINGS,
    DATABASE_URL: urlOf(target),
    OPERATOR_EMAIL: OPERATOR.email,
    OPERATOR_PASSWORD: OPERATOR.password,
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, new HttpAdapter(), { logger: ['error'] });
  await configureApp(app);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const operator = await signIn(url, OPERATOR);
  for (const sku of SKUS) {
    const product = { sku, name: sku, unitPrice: { amount: 100, currency: 'EUR' }, stock: 1_000_000 };
    await send(url, 'POST', '/products', { body: product, token: operator.token });
  }
  const people = Array.from({ length: users }, (_, index) => ({
    username: `User ${index}`,
    email: `user${index}@example.com`,
    password: `correct horse ${index}`,
  }));
  await Promise.all(people.map((body) => send(url, 'POST', '/users', { body })));
  return { url, operator: operator.token, users: await Promise.all(people.map((each) => signIn(url, each))) };
}

async function signIn(url: string, { email, password }: { email: string; password: string }) {
  const { body } = await send(url, 'POST', '/sessions', { body: { email, password } });
  const { userId, accessToken } = body as { userId: string; accessToken: string };
  return { userId, token: accessToken };
}
