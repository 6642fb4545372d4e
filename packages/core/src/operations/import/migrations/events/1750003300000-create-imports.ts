import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The imports that began in an empty log, so that they can go on. */
export class CreateImports1750003300000 implements MigrationInterface {
  readonly name = 'CreateImports1750003300000';

  async up(runner: QueryRunner): Promise<void> {
    const bigint = runner.dataSource.options.type === 'postgres' ? 'bigint' : 'integer';
    await runner.query(
      `create table leftfold_imports (
         source text primary key not null,
         owner text not null,
         position ${bigint} not null
       )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table leftfold_imports');
  }
}
