import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The Merkle tree over the log, beside it: full tiles, and one row with the rest and the last checkpoint. */
export class CreateProofs1750004000000 implements MigrationInterface {
  readonly name = 'CreateProofs1750004000000';

  async up(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    const bigint = postgres ? 'bigint' : 'integer';
    await runner.query(
      `create table leftfold_proof_tree (
         id integer primary key not null check (id = 1),
         origin text not null,
         former_origins text not null,
         size ${bigint} not null,
         edge text not null,
         checkpoint text,
         checkpoint_size ${bigint} not null
       )`,
    );
    await runner.query(
      `create table leftfold_proof_tiles (
         level integer not null,
         tile ${bigint} not null,
         hashes text not null,
         primary key (level, tile)
       )${postgres ? '' : ' without rowid'}`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table leftfold_proof_tiles');
    await runner.query('drop table leftfold_proof_tree');
  }
}
