import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Records which read model writes which table. */
export class CreateReadModelTables1750000900000 implements MigrationInterface {
  readonly name = 'CreateReadModelTables1750000900000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'create table leftfold_read_model_tables (table_name text primary key not null, read_model text not null)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table leftfold_read_model_tables');
  }
}
