import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The rows of state of read models. */
export class CreateReadModelState1750000000000 implements MigrationInterface {
  readonly name = 'CreateReadModelState1750000000000';

  async up(runner: QueryRunner): Promise<void> {
    const integer = runner.dataSource.options.type === 'postgres' ? 'bigint' : 'integer';
    await runner.query(
      `create table leftfold_read_models (
         name text primary key not null,
         version integer not null,
         log_id text not null,
         position ${integer} not null,
         event_id text,
         handled ${integer} not null,
         owner text,
         epoch ${integer} not null,
         expires_at ${integer} not null,
         last_error text
       )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table leftfold_read_models');
  }
}
