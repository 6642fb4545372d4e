import { join } from 'node:path';
import 'reflect-metadata';
import helmet from '@fastify/helmet';
import { Module, ValidationPipe } from '@nestjs/common';
import { APP_GUARD, APP_PIPE, NestFactory } from '@nestjs/core';
import { JwtModule, JwtService } from '@nestjs/jwt';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { Target } from '../contract.js';
import type { Server } from '../http/serve.js';
import { accountId } from '../workloads/dataset.js';
import { OrdersController, TokenGuard, UsersController } from './controllers.js';
import { OrderRow, ROWS_SCHEMA, UserRow } from './rows.js';

const ENTITIES = [UserRow, OrderRow];

/** The application without events: rows are saved with TypeORM, in a database as durable as Leftfold's. */
export async function serveCrud(target: Target, users: number): Promise<Server> {
  class CrudModule {}
  Module({
    imports: [
      TypeOrmModule.forRoot(databaseOf(target)),
      TypeOrmModule.forFeature(ENTITIES),
      JwtModule.register({ secret: 'only-for-the-benchmark-and-long-enough' }),
    ],
    controllers: [UsersController, OrdersController],
    providers: [
      { provide: APP_GUARD, useClass: TokenGuard },
      { provide: APP_PIPE, useValue: new ValidationPipe({ transform: true, whitelist: true }) },
    ],
  })(CrudModule);
  const app = await NestFactory.create<NestFastifyApplication>(CrudModule, new FastifyAdapter(), { logger: ['error'] });
  await app.register(helmet);
  const database = app.get(DataSource);
  for (const statement of ROWS_SCHEMA) await database.query(statement);
  const people = Array.from({ length: users }, (_, index) => userRow(index));
  await database.getRepository(UserRow).insert(people);
  await app.listen(0, '127.0.0.1');
  const jwt = app.get(JwtService);
  return {
    url: await app.getUrl(),
    users: people.map(({ userId }) => ({ userId, token: jwt.sign({ sub: userId }, { expiresIn: '1h' }) })),
  };
}

function databaseOf({ engine, folder, url }: Target): DataSourceOptions {
  if (engine === 'postgres') return { type: 'postgres', url, entities: ENTITIES };
  return {
    type: 'better-sqlite3',
    database: join(folder, 'crud.sqlite'),
    enableWAL: true,
    prepareDatabase: (database: { pragma: (text: string) => void }) => database.pragma('synchronous = FULL'),
    entities: ENTITIES,
  };
}

function userRow(index: number): UserRow {
  return {
    userId: accountId(index),
    username: `User ${index}`,
    usernameKey: `user ${index}`,
    email: `user${index}@example.com`,
    roles: ['customer'],
    registeredAt: new Date().toISOString(),
    lastLoginTime: null,
    version: 1,
  };
}
