import type { EntityManager } from 'typeorm';

/** Few sizes, so that their prepared statements stay cached. */
const CHUNKS = [128, 32, 8, 1];

/** Inserts rows with multi-row statements. Values are bound as given. */
export async function insertRows(
  manager: EntityManager,
  table: string,
  columns: readonly string[],
  rows: readonly unknown[][],
): Promise<void> {
  let start = 0;
  for (const size of CHUNKS) {
    const sql = start + size <= rows.length ? insertStatement(table, columns, size) : '';
    for (; start + size <= rows.length; start += size) {
      await manager.query(sql, rows.slice(start, start + size).flat());
    }
  }
}

function insertStatement(table: string, columns: readonly string[], size: number): string {
  const row = `(${columns.map(() => '?').join(', ')})`;
  return `insert into ${table} (${columns.join(', ')}) values ${Array.from({ length: size }, () => row).join(', ')}`;
}
