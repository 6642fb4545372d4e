import type { MigrationInterface, QueryRunner } from 'typeorm';

const COLUMNS = [
  'schedule_key text',
  'otherwise_id text',
  'otherwise_name text',
  'otherwise_version integer',
  'otherwise_data text',
];

/** Adds scheduled commands, and compensations of refused commands. */
export class AddSchedules1750000700000 implements MigrationInterface {
  readonly name = 'AddSchedules1750000700000';

  async up(runner: QueryRunner): Promise<void> {
    for (const column of COLUMNS) await runner.query(`alter table leftfold_saga_commands add column ${column}`);
    await runner.query('create index leftfold_saga_commands_schedule on leftfold_saga_commands (saga, schedule_key)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index leftfold_saga_commands_schedule');
    for (const column of COLUMNS) {
      await runner.query(`alter table leftfold_saga_commands drop column ${column.split(' ', 1)[0]}`);
    }
  }
}
