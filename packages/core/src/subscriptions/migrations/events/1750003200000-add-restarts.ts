import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds when a side effect, a saga or a range that stopped after an error starts again by itself. */
export class AddRestarts1750003200000 implements MigrationInterface {
  readonly name = 'AddRestarts1750003200000';

  async up(runner: QueryRunner): Promise<void> {
    const integer = runner.dataSource.options.type === 'postgres' ? 'bigint' : 'integer';
    await runner.query('alter table leftfold_subscriptions add column restarts integer not null default 0');
    await runner.query(`alter table leftfold_subscriptions add column restart_at ${integer}`);
    await runner.query('alter table leftfold_subscription_ranges add column restarts integer not null default 0');
    await runner.query(`alter table leftfold_subscription_ranges add column restart_at ${integer}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table leftfold_subscription_ranges drop column restart_at');
    await runner.query('alter table leftfold_subscription_ranges drop column restarts');
    await runner.query('alter table leftfold_subscriptions drop column restart_at');
    await runner.query('alter table leftfold_subscriptions drop column restarts');
  }
}
