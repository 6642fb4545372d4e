import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the nodes that are alive tell about themselves. Null for nodes whose program does not know these columns. */
export class DescribeNodes1750003400000 implements MigrationInterface {
  readonly name = 'DescribeNodes1750003400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table leftfold_nodes add column roles text');
    await runner.query('alter table leftfold_nodes add column version text');
    await runner.query('alter table leftfold_nodes add column partition_limit integer');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const column of ['partition_limit', 'version', 'roles']) {
      await runner.query(`alter table leftfold_nodes drop column ${column}`);
    }
  }
}
