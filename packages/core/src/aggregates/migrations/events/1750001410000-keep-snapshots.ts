import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Several snapshots of a stream, and also of other folds than the aggregate itself. */
export class KeepSnapshots1750001410000 implements MigrationInterface {
  readonly name = 'KeepSnapshots1750001410000';

  async up(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    const collation = postgres ? 'collate "C"' : '';
    await runner.query('alter table snapshots rename to last_snapshots');
    if (postgres) await runner.query('alter index snapshots_pkey rename to last_snapshots_pkey');
    await runner.query(
      `create table snapshots (
         stream text ${collation} not null,
         fold text ${collation} not null,
         version ${postgres ? 'bigint' : 'integer'} not null,
         event_id text not null,
         schema_version integer not null,
         state text not null,
         primary key (stream, fold, version)
       )`,
    );
    await runner.query(
      `insert into snapshots (stream, fold, version, event_id, schema_version, state)
       select stream, 'aggregate', version, event_id, schema_version, state from last_snapshots`,
    );
    await runner.query('drop table last_snapshots');
  }

  async down(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    await runner.query('alter table snapshots rename to kept_snapshots');
    if (postgres) await runner.query('alter index snapshots_pkey rename to kept_snapshots_pkey');
    await runner.query(
      `create table snapshots (
         stream text ${postgres ? 'collate "C"' : ''} primary key not null,
         version ${postgres ? 'bigint' : 'integer'} not null,
         event_id text not null,
         schema_version integer not null,
         state text not null
       )`,
    );
    await runner.query(
      `insert into snapshots (stream, version, event_id, schema_version, state)
       select stream, version, event_id, schema_version, state from kept_snapshots k
        where fold = 'aggregate' and version = (
          select max(version) from kept_snapshots o where o.stream = k.stream and o.fold = k.fold)`,
    );
    await runner.query('drop table kept_snapshots');
  }
}
