import type { DataSource, QueryRunner } from 'typeorm';
import { numbered } from './placeholders.js';

/** What came of one statement. */
export interface Executed<Row> {
  /** What a select, or `returning`, answered. */
  readonly rows: Row[];
  /** Rows that were written. */
  readonly affected: number;
}

/** Runs one statement; placeholders are question marks on both databases. */
export async function execute<Row = unknown>(
  runner: QueryRunner,
  sql: string,
  parameters: readonly unknown[],
): Promise<Executed<Row>> {
  const postgres = runner.dataSource.options.type === 'postgres';
  const { records, affected } = await runner.query(postgres ? numbered(sql) : sql, [...parameters], true);
  const rows = (records ?? []) as Row[];
  // better-sqlite3 counts nothing where a statement answers rows.
  return { rows, affected: affected ?? rows.length };
}

/** Reads what is committed; placeholders are question marks on both databases. */
export function select<Row>(from: DataSource, sql: string, parameters: readonly unknown[]): Promise<Row[]> {
  return from.query<Row[]>(from.options.type === 'postgres' ? numbered(sql) : sql, [...parameters]);
}
