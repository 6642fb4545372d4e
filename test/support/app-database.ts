import { Databases } from '@leftfold/core';
import { Test } from '@nestjs/testing';
import { AppModule } from '../../src/app.module.js';
import {
  createTestDatabase,
  type DatabaseKind,
  type TestDatabase,
  type TestDatabaseOptions,
} from '../../packages/core/test/support/databases.js';
import { type Migrations, migrationsOf, type Template } from '../../packages/core/test/support/templates.js';

const APP: Template = { name: 'app', migrations: migrationsOfApp };

/** A database in which the application's migrations have run. It has no log yet. */
export function createAppDatabase(kind: DatabaseKind, options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  return createTestDatabase(kind, { ...options, template: APP });
}

async function migrationsOfApp(): Promise<Migrations> {
  const database = await createTestDatabase('sqlite');
  const urls = { DATABASE_URL: database.url, VIEWS_DATABASE_URL: database.viewsUrl };
  const env = { NODE_ENV: 'test', LOG_LEVEL: 'silent', ...urls };
  const app = await Test.createTestingModule({ imports: [AppModule.forRoot(env)] }).compile();
  const migrations = migrationsOf(app.get(Databases));
  await app.close();
  await database.drop();
  return migrations;
}
