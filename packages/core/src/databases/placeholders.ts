const numberedSql = new Map<string, string>();

/**
 * Turns question marks into `$1`, `$2` ... for PostgreSQL. There are few different statements, so the results are
 * cached.
 */
export function numbered(sql: string): string {
  let known = numberedSql.get(sql);
  if (known === undefined) {
    let count = 0;
    known = sql.replaceAll('?', () => `$${++count}`);
    numberedSql.set(sql, known);
  }
  return known;
}
