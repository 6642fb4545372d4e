import { Databases } from '../../src/index.js';
import {
  createTestDatabase,
  type DatabaseKind,
  type TestDatabase,
  type TestDatabaseOptions,
} from '../support/databases.js';
import { type Migrations, migrationsOf, type Template } from '../support/templates.js';
import { bootKernel } from './counter-node.js';

const KERNEL: Template = { name: 'kernel', migrations: migrationsOfKernel };

/** A database in which the kernel's migrations have run, with the default prefix. It has no log yet. */
export function createKernelDatabase(kind: DatabaseKind, options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  return createTestDatabase(kind, { ...options, template: KERNEL });
}

async function migrationsOfKernel(): Promise<Migrations> {
  const scratch = await createTestDatabase('sqlite');
  const kernel = await bootKernel(scratch, {}, {});
  const migrations = migrationsOf(kernel.get(Databases));
  await kernel.close();
  await scratch.drop();
  return migrations;
}
