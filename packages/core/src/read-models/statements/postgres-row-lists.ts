import { arrayParameter } from '../../databases/array-text.js';
import { inSizes, type ListedColumn, type ListedValues, type RowLists, valuesList } from './row-lists.js';

/** The most rows or keys of one statement: those of a batch. */
const MOST = 4_000;
/** Sizes of `values` lists. */
const SIZES = [128, 16, 1];

/** Each column is a parameter, an array, so that one text serves any number of rows. */
export const postgresRowLists: RowLists = {
  matching(columns, keys) {
    return inParts(keys).map((part) => ({
      sql:
        columns.length === 1
          ? `${columns[0]!.name} = any(?::${columns[0]!.typeName}[])`
          : `(${columns.map(({ name }) => name).join(', ')}) in (select * from ${unnest(columns)})`,
      parameters: columnsOf(columns, part),
      word: 'and',
    }));
  },

  source(columns, rows) {
    // An array of arrays would be unnested to its elements.
    if (columns.some(({ typeName }) => typeName.endsWith('[]')))
      return inSizes(rows, SIZES).map((part) => valuesList(columns, part));
    const sql = `select * from ${unnest(columns)}`;
    return inParts(rows).map((part) => ({ sql, parameters: columnsOf(columns, part), word: 'where' }));
  },
};

function unnest(columns: readonly ListedColumn[]): string {
  return `unnest(${columns.map(({ typeName }) => `?::${typeName}[]`).join(', ')})`;
}

function columnsOf(columns: readonly ListedColumn[], rows: readonly ListedValues[]): unknown[] {
  return columns.map((_, index) => arrayParameter(rows.map((row) => row[index])));
}

function inParts<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / MOST) }, (_, part) =>
    items.slice(part * MOST, (part + 1) * MOST),
  );
}
