import { inSizes, type RowLists, valuesList } from './row-lists.js';

/** Rows per statement. Few sizes, so that there are few statements. */
const SIZES = [128, 32, 8, 1];
/** Keys per statement. The largest covers all events of a batch. */
const LOOKUPS = [1, 16, 128, 512];

/** Each value is a parameter. SQLite accepts 32,766 of them in a statement. */
export const sqliteRowLists: RowLists = {
  matching(columns, keys) {
    const one = `(${columns.map(({ name }) => `${name} = ?`).join(' and ')})`;
    return inLookups(keys).map((part) => ({
      sql:
        columns.length === 1
          ? `${columns[0]!.name} in (${part.map(() => '?').join(', ')})`
          : part.map(() => one).join(' or '),
      parameters: part.flat(),
    }));
  },

  source: (columns, rows) => inSizes(rows, SIZES).map((part) => valuesList(columns, part)),
};

/** Repeats the last key to fill a statement; a row requested twice is found once. */
function inLookups<T>(keys: readonly T[]): T[][] {
  const most = LOOKUPS.at(-1)!;
  return Array.from({ length: Math.ceil(keys.length / most) }, (_, index) => {
    const part = keys.slice(index * most, (index + 1) * most);
    const size = LOOKUPS.find((each) => each >= part.length)!;
    return [...part, ...Array.from({ length: size - part.length }, () => part.at(-1)!)];
  });
}
