import { plannedOnce } from '../placeholders.js';
import type { Dialect } from './dialect.js';

/** SQL for SQLite. Its transactions begin with `BEGIN IMMEDIATE`, so that each one is the only writer. */
export const SQLITE: Dialect = {
  kind: 'sqlite',
  withPlaceholders: plannedOnce,
  now: "cast(unixepoch('subsec') * 1000 as integer)",
  forUpdate: '',
  forUpdateSkipLocked: '',
  lockTable: () => undefined,
  isAnyOf: (column) => `${column} in (select value from json_each(?))`,
  list: (values) => JSON.stringify(values),
  jsonElements: 'json_each(?)',
  jsonTexts: 'json_each(?)',
  pairs: (number, text) => `(select value->>0 as ${number}, value->>1 as ${text} from json_each(?))`,
  listOfPairs: (pairs) => [JSON.stringify(pairs)],
  beforeHyphen: (text) => `substr(${text}, 1, instr(${text}, '-') - 1)`,
  valueInRange: (column, position, direction) => ({
    where: `${column} = ? and ${position} > ? and ${position} <= ?`,
    orderBy: `${position} ${direction}`,
    parameters: (value, after, upTo) => [value, after, upTo],
  }),
  sizeOf: () => 'select page_count * page_size as bytes from pragma_page_count, pragma_page_size',
  eventId: (text) => text,
  lockAppends: () => undefined,
  hasTable: `select count(*) as found from sqlite_schema where type = 'table' and name = ?`,
  tables: `select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\' order by name`,
  whereTemporary: (statements) => statements,
  // Its processes are on one machine, and only one of them writes at a time.
  hasNodes: false,
  notify: undefined,
  differs: (one, other) => `${one} is not ${other} collate binary`,
  forJson: (value) =>
    `case when typeof(${value}) = 'blob' then '\\x' || lower(hex(${value}))
          when typeof(${value}) in ('integer', 'real') and ${value} not between ${-Number.MAX_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER}
            then cast(${value} as text)
          else ${value} end`,
};
