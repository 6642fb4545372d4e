import type { QueryRunner } from 'typeorm';
import { dialectOf } from './dialects/dialect-of.js';
import { execute } from './execute.js';
import { namespaceOf } from './namespace.js';

/**
 * Whether a table of the kernel is there, and this role may read it.
 * @param marked its name with the default prefix
 */
export async function hasTable(runner: QueryRunner, marked: string): Promise<boolean> {
  const { rows } = await execute<{ found: boolean | number }>(runner, dialectOf(runner).hasTable, [
    namespaceOf(runner.dataSource).nameOf(marked),
  ]);
  return Boolean(rows[0]!.found);
}
