import type { DataSource, QueryRunner } from 'typeorm';
import { dialectOf } from './dialects/dialect-of.js';

/** Result of one statement. */
export interface Executed<Row> {
  /** Rows of a select or a `returning` clause. */
  readonly rows: Row[];
  /** Number of rows written. */
  readonly affected: number;
}

/** Runs one statement. Placeholders are question marks on both databases. */
export async function execute<Row = unknown>(
  runner: QueryRunner,
  sql: string,
  parameters: readonly unknown[],
): Promise<Executed<Row>> {
  const { records, affected } = await runner.query(dialectOf(runner).withPlaceholders(sql), [...parameters], true);
  const rows = (records ?? []) as Row[];
  // better-sqlite3 does not count rows when a statement returns some.
  return { rows, affected: affected ?? rows.length };
}

/** Reads committed data. Placeholders are question marks on both databases. */
export function select<Row>(from: DataSource, sql: string, parameters: readonly unknown[]): Promise<Row[]> {
  return from.query<Row[]>(dialectOf(from).withPlaceholders(sql), [...parameters]);
}
