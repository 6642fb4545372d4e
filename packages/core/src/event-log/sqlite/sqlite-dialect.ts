import type { LookUpDialect } from '../look-up.js';

/** Lists of values in SQLite: one parameter, a JSON array. */
export const SQLITE: Pick<LookUpDialect, 'kind' | 'anyOf'> = {
  kind: 'sqlite',
  anyOf: (column, values) => ({
    sql: `${column} in (select value from json_each(?))`,
    parameter: JSON.stringify(values),
  }),
};
