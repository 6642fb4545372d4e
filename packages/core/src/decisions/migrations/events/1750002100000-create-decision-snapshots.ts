import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Stored states of decision models. */
export class CreateDecisionSnapshots1750002100000 implements MigrationInterface {
  readonly name = 'CreateDecisionSnapshots1750002100000';

  async up(runner: QueryRunner): Promise<void> {
    const integer = runner.dataSource.options.type === 'postgres' ? 'bigint' : 'integer';
    await runner.query(
      `create table leftfold_decision_snapshots (
         model text not null,
         query text not null,
         schema_version integer not null,
         position ${integer} not null,
         event_id text not null,
         state text not null,
         primary key (model, query)
       )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table leftfold_decision_snapshots');
  }
}
