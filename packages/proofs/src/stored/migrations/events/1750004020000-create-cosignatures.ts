import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Signatures of witnesses below checkpoints of the log. */
export class CreateCosignatures1750004020000 implements MigrationInterface {
  readonly name = 'CreateCosignatures1750004020000';

  async up(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    const bigint = postgres ? 'bigint' : 'integer';
    await runner.query(
      `create table leftfold_proof_cosignatures (
         origin text not null,
         size ${bigint} not null,
         witness text not null,
         signed_at ${bigint} not null,
         signature text not null,
         checkpoint text not null,
         primary key (origin, size, witness)
       )${postgres ? '' : ' without rowid'}`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table leftfold_proof_cosignatures');
  }
}
