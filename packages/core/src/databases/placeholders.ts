const numberedSql = new Map<string, string>();

/** Turns question marks into `$1`, `$2` ... for PostgreSQL. Statements are few, and kept. */
export function numbered(sql: string): string {
  let known = numberedSql.get(sql);
  if (known === undefined) {
    let count = 0;
    known = sql.replaceAll('?', () => `$${++count}`);
    numberedSql.set(sql, known);
  }
  return known;
}
