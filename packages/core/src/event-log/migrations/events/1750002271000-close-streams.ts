import type { MigrationInterface, QueryRunner } from 'typeorm';
import { namespaceOf } from '../../../databases/namespace.js';
import { append as former } from './1750002000000-append.sql.js';
import { append } from './1750002271000-append.sql.js';

/** The function for appends refuses events for closed streams. Nodes of the version before call it, too. */
export class CloseStreams1750002271000 implements MigrationInterface {
  readonly name = 'CloseStreams1750002271000';

  async up(runner: QueryRunner): Promise<void> {
    if (runner.dataSource.options.type !== 'postgres') return;
    await runner.query(append(namespaceOf(runner.dataSource)));
  }

  async down(runner: QueryRunner): Promise<void> {
    if (runner.dataSource.options.type !== 'postgres') return;
    await runner.query('drop function leftfold_append');
    await runner.query(former(namespaceOf(runner.dataSource)));
  }
}
