import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds why a read model is halted, which events it counts, the suspected poison event, and the running rebuild. */
export class ExtendReadModelState1750000300000 implements MigrationInterface {
  readonly name = 'ExtendReadModelState1750000300000';

  async up(runner: QueryRunner): Promise<void> {
    const integer = runner.dataSource.options.type === 'postgres' ? 'bigint' : 'integer';
    const columns = [
      'types text',
      `start_position ${integer} not null default 0`,
      `parked ${integer} not null default 0`,
      `discarded ${integer} not null default 0`,
      'halted text',
      `attempt_position ${integer}`,
      'attempts integer not null default 0',
      'rebuild text',
      'rebuild_plan text',
      `rebuild_position ${integer}`,
      'rebuild_event_id text',
      `rebuild_handled ${integer} not null default 0`,
      `rebuild_started_at ${integer}`,
      'rebuild_deaths integer not null default 0',
      'rebuild_error text',
      'rebuild_report text',
    ];
    for (const column of columns) await runner.query(`alter table leftfold_read_models add column ${column}`);
    await runner.query(`update leftfold_read_models set halted = 'stopped' where last_error is not null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    const added = [
      'types',
      'start_position',
      'parked',
      'discarded',
      'halted',
      'attempt_position',
      'attempts',
      'rebuild',
      'rebuild_plan',
      'rebuild_position',
      'rebuild_event_id',
      'rebuild_handled',
      'rebuild_started_at',
      'rebuild_deaths',
      'rebuild_error',
      'rebuild_report',
    ];
    for (const column of added) await runner.query(`alter table leftfold_read_models drop column ${column}`);
  }
}
