import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds when a read model that stopped after an error starts again by itself. */
export class AddReadModelRestarts1750003200000 implements MigrationInterface {
  readonly name = 'AddReadModelRestarts1750003200000';

  async up(runner: QueryRunner): Promise<void> {
    const integer = runner.dataSource.options.type === 'postgres' ? 'bigint' : 'integer';
    await runner.query('alter table leftfold_read_models add column restarts integer not null default 0');
    await runner.query(`alter table leftfold_read_models add column restart_at ${integer}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table leftfold_read_models drop column restart_at');
    await runner.query('alter table leftfold_read_models drop column restarts');
  }
}
