import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Look-ups of rare values share rows, whose keys are below 0. Nodes of the version before do not know these, so how far
 * this version has filled the look-ups is in a column of its own. The rows that are there already stay as they are.
 */
export class PackLookUps1750003700000 implements MigrationInterface {
  readonly name = 'PackLookUps1750003700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table leftfold_event_log add column packed_chunks integer not null default 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('delete from leftfold_look_ups where key < 0');
    await runner.query('alter table leftfold_event_log drop column packed_chunks');
  }
}
