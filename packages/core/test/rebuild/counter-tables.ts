import {
  Column,
  Entity,
  type EntityManager,
  type MigrationInterface,
  type ObjectLiteral,
  PrimaryColumn,
  type QueryRunner,
} from 'typeorm';
import { preparedWithin } from '../../src/databases/prepare.js';
import { parseDatabaseUrl } from '../../src/databases/database-url.js';
import { type OpenDatabase, openDatabase } from '../../src/databases/open-database.js';
import type { WriteDatabase } from '../../src/databases/write-database.js';
import type { RowClass } from '../../src/read-models/row.js';
import { RowLayouts } from '../../src/read-models/row-layouts.js';
import { TableStatements } from '../../src/read-models/statements/table-statements.js';
import { createTestDatabase, type DatabaseKind } from '../support/databases.js';

@Entity('counter_view')
export class CounterView {
  @PrimaryColumn('text')
  id: string;

  @Column('integer')
  value: number;

  @Column('text', { nullable: true })
  label: string | null;

  @Column('simple-json', { nullable: true })
  details: unknown;
}

/** The key has two columns, and there are no others. */
@Entity('counter_tags')
export class CounterTag {
  @PrimaryColumn('text', { name: 'counter_id' })
  counterId: string;

  @PrimaryColumn('integer')
  ordinal: number;
}

/** A column with the same name as its table. */
@Entity('notes')
export class Note {
  @PrimaryColumn('integer')
  id: number;

  @Column('text')
  notes: string;
}

export const TABLES = ['counter_view', 'counter_tags', 'notes'];

/** Uses many features that a copy must preserve. */
export class CreateCounterTables1750000000000 implements MigrationInterface {
  readonly name = 'CreateCounterTables1750000000000';

  async up(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    const statements = [
      `create table counter_view (
         id text not null,
         value integer not null default 0 check (value > -1000),
         label text default 'none, (yet)',
         details ${postgres ? 'json' : 'text'},
         doubled integer generated always as (value * 2) stored,
         constraint "PK counters" primary key (id),
         constraint counter_label unique (label, value),
         constraint small check (counter_view.value < 1000000)
       )`,
      'create index counter_value on counter_view (value)',
      'create index "counter value USING again" on counter_view (value)',
      'create unique index "only large" on counter_view (label) where value > 10',
      'create index counter_expression on counter_view (lower(label), value desc)',
      `create table counter_tags (
         counter_id text not null, ordinal integer not null, primary key (counter_id, ordinal)
       )${postgres ? '' : ' without rowid, strict'}`,
      'create table notes (id integer primary key, notes text not null)',
    ];
    for (const statement of statements) await runner.query(statement);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Nobody reverts it.'));
  }
}

export interface CounterTables {
  readonly views: OpenDatabase;
  readonly write: WriteDatabase;
  readonly layouts: RowLayouts;
  /** The tables as their migration makes them, empty, and no shadows. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Sets up the tables for all tests of a block. Its fields are available in hooks and tests. */
export function useCounterTables(kind: DatabaseKind): CounterTables {
  const tables = {} as CounterTables;
  beforeAll(async () => void Object.assign(tables, await openCounterTables(kind)));
  afterAll(() => tables.close());
  return tables;
}

async function openCounterTables(kind: DatabaseKind): Promise<CounterTables> {
  const database = await createTestDatabase(kind);
  const views = await openDatabase('views', parseDatabaseUrl(database.viewsUrl), {
    entities: [CounterView, CounterTag, Note],
    migrations: [CreateCounterTables1750000000000],
  });
  return {
    views,
    write: views.write,
    layouts: await RowLayouts.read(kind, views.read, [CounterView, CounterTag, Note], 'replace'),
    reset: () =>
      views.write.transaction(async (manager) => {
        for (const table of TABLES) await manager.query(`drop table if exists rebuild_${table}`);
        for (const table of TABLES) await manager.query(`drop table if exists ${table}`);
        await new CreateCounterTables1750000000000().up(manager.queryRunner!);
      }),
    close: async () => {
      await views.close();
      await database.drop();
    },
  };
}

/** Writes to the tables of the manager as a ReadModel does. */
export async function writeAsReadModel(
  { layouts }: CounterTables,
  manager: EntityManager,
  entity: RowClass,
  { saved = [], removed = [] }: { saved?: readonly ObjectLiteral[]; removed?: readonly string[] },
): Promise<void> {
  const layout = layouts.of(entity);
  const statements = TableStatements.of(layout, manager.dataSource.getMetadata(entity).tableName);
  await statements.write(
    preparedWithin(manager.queryRunner!),
    removed.map((key) => layout.key(key)),
    saved.map((row) => layout.toStored(row)),
  );
}
