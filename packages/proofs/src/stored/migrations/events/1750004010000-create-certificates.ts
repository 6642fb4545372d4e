import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Certificates of forgetting, so that each is the same whenever it is asked for. */
export class CreateCertificates1750004010000 implements MigrationInterface {
  readonly name = 'CreateCertificates1750004010000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create table leftfold_forgetting_certificates (
         subject text primary key not null,
         certificate text not null
       )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table leftfold_forgetting_certificates');
  }
}
