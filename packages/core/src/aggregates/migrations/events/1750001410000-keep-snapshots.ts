import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Allows several snapshots of one stream, and snapshots of folds other than the aggregate itself. */
export class KeepSnapshots1750001410000 implements MigrationInterface {
  readonly name = 'KeepSnapshots1750001410000';

  async up(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    const collation = postgres ? 'collate "C"' : '';
    await runner.query('alter table leftfold_snapshots rename to leftfold_last_snapshots');
    if (postgres) await runner.query('alter index leftfold_snapshots_pkey rename to leftfold_last_snapshots_pkey');
    await runner.query(
      `create table leftfold_snapshots (
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
      `insert into leftfold_snapshots (stream, fold, version, event_id, schema_version, state)
       select stream, 'aggregate', version, event_id, schema_version, state from leftfold_last_snapshots`,
    );
    await runner.query('drop table leftfold_last_snapshots');
  }

  async down(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    await runner.query('alter table leftfold_snapshots rename to leftfold_kept_snapshots');
    if (postgres) await runner.query('alter index leftfold_snapshots_pkey rename to leftfold_kept_snapshots_pkey');
    await runner.query(
      `create table leftfold_snapshots (
         stream text ${postgres ? 'collate "C"' : ''} primary key not null,
         version ${postgres ? 'bigint' : 'integer'} not null,
         event_id text not null,
         schema_version integer not null,
         state text not null
       )`,
    );
    await runner.query(
      `insert into leftfold_snapshots (stream, version, event_id, schema_version, state)
       select stream, version, event_id, schema_version, state from leftfold_kept_snapshots k
        where fold = 'aggregate' and version = (
          select max(version) from leftfold_kept_snapshots o where o.stream = k.stream and o.fold = k.fold)`,
    );
    await runner.query('drop table leftfold_kept_snapshots');
  }
}
