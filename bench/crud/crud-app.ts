import 'reflect-metadata';
import { MessageContext } from '@leftfold/core';
import { HttpAdapter } from '@leftfold/http';
import { HttpMetrics } from '@leftfold/operations';
import { Global, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import type { FastifyRequest } from 'fastify';
import { ClsModule } from 'nestjs-cls';
import { DataSource, Repository } from 'typeorm';
import { AccessDirectory, type KnownAccess } from '../../src/platform/auth/access-directory.js';
import { AccessTokens } from '../../src/platform/auth/access-tokens.js';
import { AuthModule } from '../../src/platform/auth/auth.module.js';
import type { Role } from '../../src/platform/auth/role.js';
import { holderOf } from '../../src/platform/auth/signed-in-user.js';
import { SettingsModule } from '../../src/platform/config/settings.module.js';
import { AppHttpModule } from '../../src/platform/http/app-http.module.js';
import { configureApp } from '../../src/platform/http/configure-app.js';
import { LoggingModule } from '../../src/platform/logging/logging.module.js';
import type { Target } from '../contract.js';
import { HTTP_SETTINGS } from '../http/settings.js';
import type { Server } from '../http/serve.js';
import { Callers, OrdersController, UsersController } from './controllers.js';
import { databaseOf, ENTITIES, fillRows } from './database.js';
import { UserRow } from './rows.js';

/** How long an answer is kept, in ms: as long as in Leftfold's application. */
const REMEMBERED_FOR = 1_000;
const GENERATION = 1;

/** What users may do, from their rows. */
@Injectable()
class AccessOfRows extends AccessDirectory {
  private readonly memory = new Map<string, { readonly access: Promise<KnownAccess | undefined>; until: number }>();

  constructor(@InjectRepository(UserRow) private readonly users: Repository<UserRow>) {
    super();
  }

  find(userId: string): Promise<KnownAccess | undefined> {
    const memory = this.memory.get(userId);
    return memory && memory.until > performance.now() ? memory.access : this.findNow(userId);
  }

  findNow(userId: string): Promise<KnownAccess | undefined> {
    const access = this.read(userId);
    this.memory.set(userId, { access, until: performance.now() + REMEMBERED_FOR });
    access.catch(() => this.memory.delete(userId));
    return access;
  }

  forget(userId: string): void {
    this.memory.delete(userId);
  }

  private async read(userId: string): Promise<KnownAccess | undefined> {
    const user = await this.users.findOneBy({ userId });
    if (!user) return undefined;
    return { roles: user.roles as Role[], version: user.version, generation: GENERATION, hasEnded: () => false };
  }
}

class CallersBySession extends Callers {
  idOf(request: FastifyRequest): string {
    return holderOf(request).userId;
  }
}

@Global()
@Module({
  imports: [ClsModule.forRoot({ global: true }), TypeOrmModule.forFeature(ENTITIES)],
  controllers: [UsersController, OrdersController],
  providers: [
    HttpMetrics,
    MessageContext,
    { provide: Callers, useClass: CallersBySession },
    { provide: AccessDirectory, useClass: AccessOfRows },
  ],
  exports: [HttpMetrics, MessageContext, AccessDirectory],
})
class RowsModule {}

/**
 * The same Nest and Fastify application as Leftfold's: its settings, tokens and sessions, validation, problem documents,
 * headers, limits, log and metrics of requests. Rows are saved with TypeORM, and no events are kept.
 */
export async function serveCrud(target: Target, users: number): Promise<Server> {
  class CrudModule {}
  const database = TypeOrmModule.forRoot(databaseOf(target));
  const settings = SettingsModule.forRoot(HTTP_SETTINGS);
  Module({ imports: [settings, database, AuthModule, AppHttpModule, LoggingModule, RowsModule] })(CrudModule);
  const app = await NestFactory.create<NestFastifyApplication>(CrudModule, new HttpAdapter(), { logger: ['error'] });
  await configureApp(app);
  const people = await fillRows(app.get(DataSource), users);
  await app.listen(0, '127.0.0.1');
  const tokens = app.get(AccessTokens, { strict: false });
  return {
    url: await app.getUrl(),
    users: people.map(({ userId, version }) => ({
      userId,
      token: tokens.issue({ userId, version, generation: GENERATION }).accessToken,
    })),
  };
}
