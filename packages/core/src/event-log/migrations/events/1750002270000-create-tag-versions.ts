import type { MigrationInterface, QueryRunner } from 'typeorm';

/** For which version of its tags the log is complete, for each stored type; and a count of completed rebuilds. */
export class CreateTagVersions1750002270000 implements MigrationInterface {
  readonly name = 'CreateTagVersions1750002270000';

  async up(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    const bigint = postgres ? 'bigint' : 'integer';
    await runner.query(
      `create table leftfold_tag_versions (
         type text${postgres ? ' collate "C"' : ''} primary key not null,
         tags_version integer not null,
         building_version integer not null default 0,
         built_to ${bigint} not null default 0
       )`,
    );
    await runner.query(`alter table leftfold_event_log add column tags_generation ${bigint} not null default 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table leftfold_event_log drop column tags_generation');
    await runner.query('drop table leftfold_tag_versions');
  }
}
