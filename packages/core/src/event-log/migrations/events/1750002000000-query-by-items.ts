import type { MigrationInterface, QueryRunner } from 'typeorm';
import { namespaceOf } from '../../../databases/namespace.js';
import { append } from './1750002000000-append.sql.js';

/**
 * A function for appends whose conditions are items of tags and types. The former function stays, for nodes of the
 * version before.
 */
export class QueryByItems1750002000000 implements MigrationInterface {
  readonly name = 'QueryByItems1750002000000';

  async up(runner: QueryRunner): Promise<void> {
    if (runner.dataSource.options.type !== 'postgres') return;
    await runner.query(append(namespaceOf(runner.dataSource)));
  }

  async down(runner: QueryRunner): Promise<void> {
    if (runner.dataSource.options.type === 'postgres') await runner.query('drop function leftfold_append');
  }
}
