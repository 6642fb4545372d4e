import { jest } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import type { QueryRunner } from 'typeorm';
import { EventSourcingModule, LiveNodes, type MigrationClass, type RollingMigration } from '../src/index.js';
import { bootKernel } from './counters/counter-node.js';
import { createKernelDatabase } from './counters/kernel-database.js';
import { DATABASE_KINDS, type TestDatabase } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { connectionsTo } from './support/side-connections.js';
import { runSql } from './support/stored-rows.js';

class CreateParcels1790000000000 implements RollingMigration {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table parcels (id text primary key not null, weight integer)');
  }
  async down(): Promise<void> {}
}

class AddNotes1790000000001 implements RollingMigration {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table parcels add column note text');
  }
  async down(): Promise<void> {}
}

class DropWeights1790000000002 implements RollingMigration {
  async up(runner: QueryRunner): Promise<void> {
    // On SQLite, TypeORM makes the table anew.
    await runner.dropColumn('parcels', 'weight');
  }
  async down(): Promise<void> {}
}

class DropUnusedWeights1790000000002 extends DropWeights1790000000002 {
  readonly keepsVersionBefore = true;
}

/** Locks two tables. */
class AddSizes1790000000003 implements RollingMigration {
  static attempts = 0;
  static hasLockedNodes = (): void => undefined;

  async up(runner: QueryRunner): Promise<void> {
    AddSizes1790000000003.attempts++;
    await runner.query('lock table leftfold_nodes in exclusive mode');
    AddSizes1790000000003.hasLockedNodes();
    await runner.query('alter table parcels add column size text');
  }
  async down(): Promise<void> {}
}

const OLD = [CreateParcels1790000000000];
const FITTING = [...OLD, AddNotes1790000000001];
const BREAKING = [...FITTING, DropWeights1790000000002];
const REVIEWED = [...FITTING, DropUnusedWeights1790000000002];

describe.each(DATABASE_KINDS)('a migration while a node of the version before runs, %s', (kind) => {
  let database: TestDatabase;
  let nodes: INestApplicationContext[] = [];

  beforeEach(async () => {
    jest.spyOn(console, 'log').mockReturnValue();
    database = await createKernelDatabase(kind);
  });

  afterEach(async () => {
    for (const node of nodes) await node.close();
    nodes = [];
    await database.drop();
    jest.restoreAllMocks();
  });

  async function start(name: 'events' | 'views', migrations: readonly MigrationClass[]) {
    const feature = EventSourcingModule.forFeature({ migrations: { [name]: migrations } });
    const node = await bootKernel(database, {}, { imports: [feature] });
    nodes.push(node);
    return node;
  }

  /** @returns its id */
  async function startOld(name: 'events' | 'views'): Promise<string> {
    const nodesNow = (await start(name, OLD)).get(LiveNodes);
    await eventually(async () => expect(await nodesNow.list()).toHaveLength(1));
    return nodesNow.self;
  }

  const parcels = (name: 'events' | 'views', columns: string) =>
    runSql(name === 'events' ? database.url : database.viewsUrl, `select ${columns} from parcels`);

  it('is named when it fails', async () => {
    await expect(start('events', [AddNotes1790000000001])).rejects.toThrow(
      /can't be opened: the migration AddNotes1790000000001 failed: .*parcels/,
    );
    // TypeORM would print it.
    expect(console.log).not.toHaveBeenCalled();
  });

  it.each(['events', 'views'] as const)('is refused if it breaks that node, in the database of %s', async (name) => {
    const old = await startOld(name);

    const attempt = start(name, BREAKING);

    await expect(attempt).rejects.toMatchObject({
      database: name,
      message: expect.stringMatching(
        new RegExp(
          `DropWeights1790000000002 drops the (column weight of|table) parcels, and nodes that may use it are running: ${old}\\. ` +
            `Stop them, and start this version again.*for \\d+ s at most.*keepsVersionBefore = true`,
        ),
      ),
    });
    // Nothing of the start is left, so the old node can be started again.
    expect(await parcels(name, 'id, weight')).toEqual([]);
    await expect(parcels(name, 'note')).rejects.toThrow(/note/);
    await nodes.pop()!.close();
    await startOld(name);

    await nodes.pop()!.close();
    await start(name, BREAKING);
    await expect(parcels(name, 'weight')).rejects.toThrow(/weight/);
  });

  it('runs if it fits, or if it says that it does', async () => {
    await startOld('views');

    await start('views', FITTING);
    expect(await parcels('views', 'id, weight, note')).toEqual([]);

    await start('views', REVIEWED);
    await expect(parcels('views', 'weight')).rejects.toThrow(/weight/);
  });

  it('runs once a node that crashed no longer counts as running', async () => {
    await startOld('events');
    await nodes.pop()!.close();
    const leftBehind = (expiresAt: number) =>
      `insert into leftfold_nodes (id, subscriptions, started_at, seen_at, expires_at) values ('crashed', '[]', 0, 0, ${expiresAt})`;
    await runSql(database.url, leftBehind(Date.now() + 60_000));
    await expect(start('events', BREAKING)).rejects.toThrow(
      /running: crashed\. .* counts as running for (60|[1-5]\d) s/,
    );

    await runSql(database.url, `update leftfold_nodes set expires_at = ${Date.now() - 1}`);
    await start('events', BREAKING);
  });
});

/** A database of PostgreSQL on which the old version has run. */
async function withParcels() {
  const database = await createKernelDatabase('postgres');
  const start = (migrations: readonly MigrationClass[]) =>
    bootKernel(database, {}, { imports: [EventSourcingModule.forFeature({ migrations: { events: migrations } })] });
  await (await start(OLD)).close();
  return { database, start };
}

it('a migration and a transaction of a node that wait for one another both succeed on PostgreSQL', async () => {
  const { database, start } = await withParcels();
  const transaction = await connectionsTo(database.url).connect();
  try {
    await transaction.query(`begin; set local deadlock_timeout = '60s'; insert into parcels (id) values ('p-1')`);
    const done = new Promise<unknown>((resolve) => {
      AddSizes1790000000003.hasLockedNodes = () => resolve(transaction.query('delete from leftfold_nodes; commit'));
    });

    const node = await start([...OLD, AddSizes1790000000003]);
    await done;
    await node.close();

    expect(AddSizes1790000000003.attempts).toBeGreaterThan(1);
    expect(await runSql(database.url, 'select id, size from parcels')).toEqual([{ id: 'p-1', size: null }]);
  } finally {
    transaction.release(true);
    await database.drop();
  }
});

it('a migration that waits for a long transaction lets the nodes go on meanwhile on PostgreSQL', async () => {
  const { database, start } = await withParcels();
  const backup = await connectionsTo(database.url).connect();
  try {
    await backup.query('begin; lock table parcels in access share mode');
    const starting = start(FITTING);
    await eventually(async () =>
      expect(await runSql(database.url, 'select 1 from pg_locks where not granted')).not.toEqual([]),
    );

    await connectionsTo(database.url).query(
      `begin; set local statement_timeout = '10s'; insert into parcels (id) values ('p-1'); commit`,
    );

    await backup.query('commit');
    await (await starting).close();
    expect(await runSql(database.url, 'select id, note from parcels')).toEqual([{ id: 'p-1', note: null }]);
  } finally {
    backup.release(true);
    await database.drop();
  }
});
