import { Column, Entity, PrimaryColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import { parseDatabaseUrl } from '../../../src/event-sourcing/databases/database-url.js';
import { type OpenDatabase, openDatabase } from '../../../src/event-sourcing/databases/open-database.js';
import { createTestDatabase, type DatabaseKind } from '../../support/databases.js';

/** A table with a bit of everything that a copy has to have. */
@Entity('counter_view')
export class CounterView {
  @PrimaryColumn('text')
  id: string;

  @Column('integer')
  value: number;

  @Column('text', { nullable: true })
  label: string | null;

  /** A column that is called as its table is. */
  @Column('simple-json', { name: 'counter_view', nullable: true })
  details: unknown;
}

/** Two columns make the key, and there is no other. */
@Entity('counter_tags')
export class CounterTag {
  @PrimaryColumn('text', { name: 'counter_id' })
  counterId: string;

  @PrimaryColumn('integer')
  ordinal: number;
}

export const TABLES = ['counter_view', 'counter_tags'];

class CreateCounterTables1750000000000 implements MigrationInterface {
  readonly name = 'CreateCounterTables1750000000000';

  async up(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    const json = postgres ? 'json' : 'text';
    await runner.query(
      `create table counter_view (
         id text not null,
         value integer not null default 0 check (value > -1000),
         label text default 'none, (yet)',
         counter_view ${json},
         constraint "PK counters" primary key (id),
         constraint counter_label unique (label, value),
         constraint small check (counter_view.value < 1000000)
       )`,
    );
    await runner.query('create index counter_value on counter_view (value)');
    await runner.query('create index "counter value USING again" on counter_view (value)');
    await runner.query('create unique index [partial] on counter_view (label) where value > 10'.replace(...brackets(postgres)));
    await runner.query('create index counter_expression on counter_view (lower(label), value desc)');
    await runner.query(
      `create table counter_tags (counter_id text not null, ordinal integer not null, primary key (counter_id, ordinal))` +
        (postgres ? '' : ' without rowid, strict'),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`drop table ${table}`);
  }
}

function brackets(postgres: boolean): [string, string] {
  return postgres ? ['[partial]', '"partial"'] : ['', ''];
}

export interface SampleTables {
  readonly views: OpenDatabase;
  close(): Promise<void>;
}

export async function openSampleTables(kind: DatabaseKind): Promise<SampleTables> {
  const database = await createTestDatabase(kind);
  const views = await openDatabase('views', parseDatabaseUrl(database.viewsUrl), {
    entities: [CounterView, CounterTag],
    migrations: [CreateCounterTables1750000000000],
  });
  return {
    views,
    close: async () => {
      await views.close();
      await database.drop();
    },
  };
}
