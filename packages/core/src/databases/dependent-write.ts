/** A statement with its parameters. Placeholders are question marks. */
export interface Write {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** A write that is to happen only if another one has written a row. */
export interface DependentWrite extends Write {
  /** Where `sql` takes one more condition, and the word before it. Left out when it takes none. */
  readonly condition?: { readonly at: number; readonly word: 'where' | 'and' };
}

/** A statement that differs in its number of writes is prepared anew. */
const MOST = 4;
const FIRST = '"first write"';

/**
 * PostgreSQL: one statement that writes `first` and, if that has written a row, the others. It answers with the number of
 * rows that `first` has written. The writes don't see each other's rows, and their order is undefined. Undefined when one
 * of them takes no condition, or there are too many.
 */
export function inOneStatement(first: Write, others: readonly DependentWrite[]): Write | undefined {
  if (others.length > MOST) return undefined;
  const parts = [`${FIRST} as (${first.sql} returning 1)`];
  for (const { sql, condition } of others) {
    if (!condition) return undefined;
    const { at, word } = condition;
    parts.push(
      `"write ${parts.length}" as (${sql.slice(0, at)} ${word} exists (select 1 from ${FIRST})${sql.slice(at)})`,
    );
  }
  return {
    sql: `with ${parts.join(', ')} select count(*)::integer from ${FIRST}`,
    parameters: [first, ...others].flatMap(({ parameters }) => parameters),
  };
}
