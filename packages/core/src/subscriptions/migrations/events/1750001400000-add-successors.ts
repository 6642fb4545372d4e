import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the name of the subscription that has taken over from this one. */
export class AddSuccessors1750001400000 implements MigrationInterface {
  readonly name = 'AddSuccessors1750001400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table leftfold_subscriptions add column successor text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table leftfold_subscriptions drop column successor');
  }
}
