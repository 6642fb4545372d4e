import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A view of the events for people who query with SQL: JSON columns, and times that can be read. Data that is stored
 * encrypted stays so.
 */
export class CreateReadableEvents1750003300001 implements MigrationInterface {
  readonly name = 'CreateReadableEvents1750003300001';

  async up(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    const { category, recordedAt, json } = postgres ? POSTGRES : SQLITE;
    await runner.query(
      `create view leftfold_events_readable as
       select position, ${recordedAt} as recorded_at, stream, ${category} as category, version, event_id, type, schema_version,
              actor, correlation_id, ${json('data')} as data, ${json('metadata')} as metadata
         from leftfold_events`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop view leftfold_events_readable');
  }
}

const POSTGRES = {
  category: `split_part(stream, '-', 1)`,
  recordedAt: 'to_timestamp(recorded_at / 1000.0)',
  json: (column: string): string => `cast(${column} as json)`,
};

const SQLITE = {
  category: `substr(stream, 1, instr(stream, '-') - 1)`,
  recordedAt: `strftime('%Y-%m-%dT%H:%M:%fZ', recorded_at / 1000.0, 'unixepoch')`,
  // JSON is text there; `->>` reads from it.
  json: (column: string): string => column,
};
