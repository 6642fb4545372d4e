import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Namespace, NamesInNamespace } from '../../packages/core/src/databases/namespace.js';

/** What `npm create leftfold` copies into new applications: their databases have run these migrations. */
const TEMPLATE = join('packages', 'create-leftfold', 'template', 'src');

/** Tables without a prefix, as all were when the first hashes were recorded. */
const BARE = new Namespace('');

/**
 * The databases that a migration is written for, as TypeORM calls them.
 * @type {readonly ['better-sqlite3', 'postgres']}
 */
export const DATABASES = ['better-sqlite3', 'postgres'];

/** @type {readonly ['up', 'down']} */
const DIRECTIONS = ['up', 'down'];

/**
 * A migration, with a hash of the SQL that its `up` and its `down` send to each database.
 * @typedef {{ up: Record<string, string>, down: Record<string, string> }} Hashes
 * @typedef {{ name: string, hashes: Hashes }} HashedMigration
 * @typedef {{ up(runner: unknown): Promise<void>, down(runner: unknown): Promise<void>, keepsVersionBefore?: boolean }} Migration
 */

/**
 * Every migration of the packages, of the application, and of the applications that `npm create leftfold` makes.
 * @param {string} repository
 * @returns {Promise<HashedMigration[]>}
 */
export async function hashedMigrations(repository) {
  const migrations = await releasedMigrations(repository);
  return Promise.all(migrations.map(({ name, migration }) => hashed(name, migration)));
}

/**
 * The same, by name.
 * @param {string} repository
 * @returns {Promise<{ name: string, migration: Migration }[]>}
 */
export async function releasedMigrations(repository) {
  const found = [];
  for (const file of migrationFiles(repository)) {
    const classes = Object.entries(await import(pathToFileURL(file).href)).filter(([name]) => /\d{13}$/.test(name));
    if (classes.length === 0) throw new Error(`${file} exports no migration.`);
    for (const [name, MigrationClass] of classes) found.push({ name, migration: new MigrationClass() });
  }
  return found.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/**
 * @param {string} name
 * @param {Migration} migration
 * @returns {Promise<HashedMigration>}
 */
export async function hashed(name, migration) {
  /** @type {Hashes} */
  const hashes = { up: {}, down: {} };
  for (const direction of DIRECTIONS) {
    for (const type of DATABASES) {
      const hash = createHash('sha256');
      for (const sql of await sentSql(migration, direction, type)) hash.update(`${sql};\n`);
      hashes[direction][type === 'postgres' ? 'postgres' : 'sqlite'] = hash.digest('hex');
    }
  }
  return { name, hashes };
}

/**
 * Why a migration differs from the recorded one; undefined when it does not.
 * @param {HashedMigration} migration
 * @param {Record<string, Hashes>} recorded
 */
export function complaint({ name, hashes }, recorded) {
  const known = recorded[name];
  if (!known) return `${name} is new. Record it: npm run migrations:record`;
  for (const direction of DIRECTIONS) {
    const [now, before] = [hashes[direction], known[direction]];
    const changed = Object.keys(now).filter((database) => now[database] !== before[database]);
    if (changed.length > 0) {
      return (
        `The ${direction} of ${name} sends other SQL to ${changed.join(' and ')} than when it was recorded. A released ` +
        'migration may not change, because databases that have run it would differ from new ones. Undo the change, and ' +
        'write a new migration.'
      );
    }
  }
  return undefined;
}

/** A migration calls something other than `query`. */
class NotSqlError extends Error {}

/**
 * The statements of one direction, in their order. A `down` that refuses counts as one statement, whatever it says.
 * @param {Migration} migration
 * @param {'up' | 'down'} direction
 * @param {'better-sqlite3' | 'postgres'} type
 * @returns {Promise<string[]>}
 */
export async function sentSql(migration, direction, type) {
  /** @type {string[]} */
  const sent = [];
  const runner = {
    dataSource: { options: { type, namingStrategy: new NamesInNamespace(BARE) } },
    query: async (/** @type {string} */ text, /** @type {unknown[]} */ parameters = []) => {
      const sql = BARE.inPlace(text);
      sent.push(parameters.length > 0 ? `${sql} ${JSON.stringify(parameters)}` : sql);
      return [];
    },
  };
  try {
    await migration[direction](onlySql(runner));
  } catch (error) {
    if (direction === 'up' || error instanceof NotSqlError) throw error;
    sent.push('refused');
  }
  return sent;
}

/**
 * @template {object} T
 * @param {T} runner
 * @returns {T}
 */
function onlySql(runner) {
  return new Proxy(runner, {
    get(target, key) {
      if (key in target) return Reflect.get(target, key);
      throw new NotSqlError(`A migration calls runner.${String(key)}. Write SQL text instead: runner.query('...').`);
    },
  });
}

/** @param {string} repository */
function migrationFiles(repository) {
  const packages = readdirSync(join(repository, 'packages')).map((name) => join('packages', name, 'src'));
  return ['src', TEMPLATE, ...packages]
    .map((folder) => join(repository, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
    .filter((path) => /[\\/]migrations[\\/].*\d{13}-[^\\/.]*\.ts$/.test(path));
}
