/** A column in a statement. */
export interface ListedColumn {
  /** Quoted. */
  readonly name: string;
  /** As the database names it. */
  readonly typeName: string;
}

/** A part of a statement with its parameters. */
export interface StatementPart {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** The word before one more condition at its end. Left out when there can be none. */
  readonly word?: 'where' | 'and';
}

/** Values of some columns, as statement parameters. */
export type ListedValues = readonly unknown[];

/** How a statement receives many rows or keys. The texts are few, so that each is prepared once. */
export interface RowLists {
  /** Conditions that match these keys, one for each statement. */
  matching(columns: readonly ListedColumn[], keys: readonly ListedValues[]): StatementPart[];

  /** Sources of these rows, one for each `insert`. */
  source(columns: readonly ListedColumn[], rows: readonly ListedValues[]): StatementPart[];
}

/** Rows as a `values` list. */
export function valuesList(columns: readonly ListedColumn[], rows: readonly ListedValues[]): StatementPart {
  return { sql: textOfList(columns.length, rows.length), parameters: rows.flat() };
}

const texts = new Map<string, string>();

/** Made once: the sizes are few. */
function textOfList(columns: number, rows: number): string {
  const size = `${columns} ${rows}`;
  let text = texts.get(size);
  if (text === undefined) {
    const tuple = `(${Array.from({ length: columns }, () => '?').join(', ')})`;
    texts.set(size, (text = `values ${Array.from({ length: rows }, () => tuple).join(', ')}`));
  }
  return text;
}

/** Divides a list into parts of these sizes, largest first. The last size is 1. */
export function inSizes<T>(items: readonly T[], sizes: readonly number[]): T[][] {
  const parts: T[][] = [];
  let start = 0;
  for (const size of sizes) {
    for (; start + size <= items.length; start += size) parts.push(items.slice(start, start + size));
  }
  return parts;
}
