import { arrayText, quotedArrayText } from '../array-text.js';
import { numbered } from '../placeholders.js';
import type { Dialect } from './dialect.js';

/** SQL for PostgreSQL. */
export const POSTGRES: Dialect = {
  kind: 'postgres',
  withPlaceholders: numbered,
  now: 'floor(extract(epoch from clock_timestamp()) * 1000)::bigint',
  forUpdate: 'for update',
  forUpdateSkipLocked: 'for update skip locked',
  lockTable: (table) => `lock table ${table} in exclusive mode`,
  isAnyOf: (column) => `${column} = any(?)`,
  list: (values) => values,
  // Binary, because each column of a row looks into it: as text, it would be parsed again each time.
  jsonElements: 'jsonb_array_elements(cast(? as jsonb))',
  jsonTexts: 'json_array_elements_text(cast(? as json))',
  // Arrays, because JSON would be parsed again for each column of a row.
  pairs: (number, text) =>
    `(select * from unnest(cast(? as bigint[]), cast(? as text[])) as pairs(${number}, ${text}))`,
  listOfPairs: (pairs) => [arrayText(pairs.map(([number]) => number)), quotedArrayText(pairs.map(([, text]) => text))],
  beforeHyphen: (text) => `split_part(${text}, '-', 1)`,
  // Selects pairs of value and position, ordered by both. Only the index on the pair answers that without sorting. So
  // PostgreSQL can't choose to scan by position when it estimates that the value is frequent.
  valueInRange: (column, position, direction) => ({
    where: `(${column}, ${position}) > (?, ?) and (${column}, ${position}) <= (?, ?)`,
    orderBy: `${column} ${direction}, ${position} ${direction}`,
    parameters: (value, after, upTo) => [value, after, value, upTo],
  }),
  sizeOf: (tables) => `select ${tables.map((table) => `pg_total_relation_size('"${table}"')`).join(' + ')} as bytes`,
  eventId: (text) => `cast(${text} as uuid)`,
  lockAppends: (key) => `select pg_advisory_xact_lock(${key})`,
  // TypeORM asks the information schema, which takes a new session four times as long.
  hasTable: `select coalesce(
    has_table_privilege(to_regclass(quote_ident(current_schema()) || '.' || quote_ident(?)), 'select'), false) as found`,
  tables: `select table_name as name from information_schema.tables
            where table_schema not in ('pg_catalog', 'information_schema') order by table_name`,
  whereTemporary: (statements) => ['begin read write', ...statements, 'commit'],
  hasNodes: true,
  notify: `select pg_notify(?, '0')`,
  // Compared as text, because json and some other types have no equality.
  differs: (one, other) => `${one}::text is distinct from ${other}::text collate "C"`,
  forJson: (value) =>
    `case when jsonb_typeof(to_jsonb(${value})) = 'number' and abs(${value}::text::numeric) > ${Number.MAX_SAFE_INTEGER}
            then to_jsonb(${value}::text)
          else to_jsonb(${value}) end`,
};
