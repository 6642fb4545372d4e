import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds dry runs: rebuilds that end with the comparison. */
export class AddDryRuns1750000600000 implements MigrationInterface {
  readonly name = 'AddDryRuns1750000600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table leftfold_read_models add column rebuild_dry_run integer not null default 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table leftfold_read_models drop column rebuild_dry_run');
  }
}
