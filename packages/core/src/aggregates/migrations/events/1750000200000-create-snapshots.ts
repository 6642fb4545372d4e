import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSnapshots1750000200000 implements MigrationInterface {
  readonly name = 'CreateSnapshots1750000200000';

  async up(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    await runner.query(
      `create table leftfold_snapshots (
         stream text ${postgres ? 'collate "C"' : ''} primary key not null,
         version ${postgres ? 'bigint' : 'integer'} not null,
         event_id text not null,
         schema_version integer not null,
         state text not null
       )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table leftfold_snapshots');
  }
}
