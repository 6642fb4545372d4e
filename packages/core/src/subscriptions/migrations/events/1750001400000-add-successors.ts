import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The name under which another subscription goes on in the place of this one. */
export class AddSuccessors1750001400000 implements MigrationInterface {
  readonly name = 'AddSuccessors1750001400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table leftfold_subscriptions add column successor text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table leftfold_subscriptions drop column successor');
  }
}
