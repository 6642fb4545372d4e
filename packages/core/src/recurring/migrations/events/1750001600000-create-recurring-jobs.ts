import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The state of recurring jobs. */
export class CreateRecurringJobs1750001600000 implements MigrationInterface {
  readonly name = 'CreateRecurringJobs1750001600000';

  async up(runner: QueryRunner): Promise<void> {
    const integer = runner.dataSource.options.type === 'postgres' ? 'bigint' : 'integer';
    await runner.query(
      `create table leftfold_recurring_jobs (
         name text primary key not null,
         schedule text not null,
         next_due ${integer},
         paused integer not null default 0,
         last_run ${integer}
       )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table leftfold_recurring_jobs');
  }
}
