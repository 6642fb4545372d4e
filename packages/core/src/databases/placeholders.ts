/** Turns question marks into `$1`, `$2` ... for PostgreSQL. */
export const numbered = remembering((sql) => {
  let count = 0;
  return sql.replaceAll('?', () => `$${++count}`);
});

/**
 * Puts a plus before each question mark, for SQLite. It changes no value, and keeps the planner from looking at values: a
 * statement with `x = ? order by` or `limit ?` is planned anew for each new value, which takes longer than most of them run.
 */
export const plannedOnce = remembering((sql) => sql.replaceAll('?', '+?'));

/** There are few different statements. */
function remembering(turn: (sql: string) => string): (sql: string) => string {
  const turned = new Map<string, string>();
  return (sql) => {
    let known = turned.get(sql);
    if (known === undefined) turned.set(sql, (known = turn(sql)));
    return known;
  };
}
