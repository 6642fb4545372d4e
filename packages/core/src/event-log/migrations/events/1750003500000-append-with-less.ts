import type { MigrationInterface, QueryRunner } from 'typeorm';
import { namespaceOf } from '../../../databases/namespace.js';
import { append as former } from './1750002271000-append.sql.js';
import { appendOne } from './1750003500000-append-one.sql.js';
import { append } from './1750003500000-append.sql.js';

/**
 * The function for appends does the same with less work, and there is one more for an append of one event. Nodes of the
 * version before call the first one, too.
 */
export class AppendWithLess1750003500000 implements MigrationInterface {
  readonly name = 'AppendWithLess1750003500000';

  async up(runner: QueryRunner): Promise<void> {
    if (runner.dataSource.options.type !== 'postgres') return;
    const namespace = namespaceOf(runner.dataSource);
    await runner.query(append(namespace));
    await runner.query(appendOne(namespace));
  }

  async down(runner: QueryRunner): Promise<void> {
    if (runner.dataSource.options.type !== 'postgres') return;
    await runner.query(
      'drop function leftfold_append(text, bigint, integer, uuid, text, integer, text, text, text, text)',
    );
    await runner.query(former(namespaceOf(runner.dataSource)));
  }
}
