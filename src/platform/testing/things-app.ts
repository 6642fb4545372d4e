import { MessageContext } from '@leftfold/core';
import { type ConnectionLimits, HttpAdapter } from '@leftfold/http';
import { HttpMetrics } from '@leftfold/operations';
import { ConsoleLogger, type DynamicModule, Global, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { ClsModule } from 'nestjs-cls';
import { AuthModule } from '../auth/auth.module.js';
import { AccessDirectory, type KnownAccess } from '../auth/access-directory.js';
import { SettingsModule } from '../config/settings.module.js';
import { ThingsController } from './things.controller.js';
import { AppHttpModule } from '../http/app-http.module.js';
import { configureApp } from '../http/configure-app.js';

export const USER_ID = '01890a5d-ac96-774b-bcce-b302099a8057';
export const SECRET = 'a-secret-for-tests-that-is-long-enough';

export const CUSTOMER: KnownAccess = { roles: ['customer'], version: 5, generation: 1, hasEnded: () => false };

/** Answers for every user what a test has set. */
export class FixedDirectory extends AccessDirectory {
  /** The current access of the user. */
  known: KnownAccess | undefined = CUSTOMER;
  /** A cached, older answer, when it differs. */
  remembered: KnownAccess | undefined;
  asked = 0;

  find(): Promise<KnownAccess | undefined> {
    this.asked += 1;
    return Promise.resolve(this.remembered ?? this.known);
  }

  forget(): void {
    this.remembered = undefined;
  }

  findNow(): Promise<KnownAccess | undefined> {
    this.asked += 1;
    return Promise.resolve(this.known);
  }
}

@Global()
@Module({
  imports: [ClsModule.forRoot({ global: true })],
  controllers: [ThingsController],
  providers: [HttpMetrics, MessageContext, { provide: AccessDirectory, useClass: FixedDirectory }],
  exports: [HttpMetrics, MessageContext, AccessDirectory],
})
class ThingsModule {}

/** The platform over HTTP as in every application, with a toy feature and without a kernel. It listens. */
export async function startThings(
  env: Record<string, string> = {},
  further: readonly DynamicModule[] = [],
  limits?: ConnectionLimits,
  host = '127.0.0.1',
): Promise<NestFastifyApplication> {
  const settings = SettingsModule.forRoot({ JWT_SECRET: SECRET, NODE_ENV: 'test', ...env });
  const testing = await Test.createTestingModule({
    imports: [settings, ...further, AppHttpModule, AuthModule, ThingsModule],
  })
    .setLogger(new ConsoleLogger({ logLevels: [] }))
    .compile();
  const app = testing.createNestApplication<NestFastifyApplication>(new HttpAdapter(limits));
  await configureApp(app);
  await app.listen(0, host);
  return app;
}
