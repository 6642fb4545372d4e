import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds how many of the discarded events of a side effect or saga are not part of its count. */
export class AddDiscardedBefore1750004030000 implements MigrationInterface {
  readonly name = 'AddDiscardedBefore1750004030000';

  async up(runner: QueryRunner): Promise<void> {
    const integer = runner.dataSource.options.type === 'postgres' ? 'bigint' : 'integer';
    await runner.query(`alter table leftfold_subscriptions add column discarded_before ${integer} not null default 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table leftfold_subscriptions drop column discarded_before');
  }
}
