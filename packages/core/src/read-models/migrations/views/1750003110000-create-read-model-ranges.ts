import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The ranges of partitions into which a read model is split between nodes. */
export class CreateReadModelRanges1750003110000 implements MigrationInterface {
  readonly name = 'CreateReadModelRanges1750003110000';

  async up(runner: QueryRunner): Promise<void> {
    const integer = runner.dataSource.options.type === 'postgres' ? 'bigint' : 'integer';
    await runner.query(
      `create table leftfold_read_model_ranges (
         subscription text not null,
         first_partition integer not null,
         last_partition integer not null,
         position ${integer} not null,
         done text,
         owner text,
         epoch ${integer} not null,
         expires_at ${integer} not null,
         handled ${integer} not null default 0,
         parked ${integer} not null default 0,
         event_id text,
         last_error text,
         attempt_position ${integer},
         attempts integer not null default 0,
         restarts integer not null default 0,
         restart_at ${integer},
         primary key (subscription, first_partition)
       )`,
    );
    await runner.query('create table leftfold_read_model_splits (subscription text primary key not null)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table leftfold_read_model_splits');
    await runner.query('drop table leftfold_read_model_ranges');
  }
}
