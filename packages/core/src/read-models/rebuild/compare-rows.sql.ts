import type { DataSource, EntityMetadata } from 'typeorm';
import type { DatabaseKind } from '../../databases/database-url.js';
import { shadowOf } from './shadow.js';

const EXAMPLES = 10;

interface Dialect {
  /**
   * Whether two values of a column differ in any way: nulls count as values, and case-insensitive collations are
   * ignored.
   */
  differs(one: string, other: string): string;
  /** A value for JSON: bytes as hex, and numbers that JavaScript would round as text. */
  shown(value: string): string;
}

const DIALECTS: Record<DatabaseKind, Dialect> = {
  sqlite: {
    differs: (one, other) => `${one} is not ${other} collate binary`,
    shown: (value) =>
      `case when typeof(${value}) = 'blob' then '\\x' || lower(hex(${value}))
            when typeof(${value}) in ('integer', 'real') and ${value} not between ${-Number.MAX_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER}
              then cast(${value} as text)
            else ${value} end`,
  },
  postgres: {
    // Compared as text, because json and some other types have no equality.
    differs: (one, other) => `${one}::text is distinct from ${other}::text collate "C"`,
    shown: (value) =>
      `case when jsonb_typeof(to_jsonb(${value})) = 'number' and abs(${value}::text::numeric) > ${Number.MAX_SAFE_INTEGER}
              then to_jsonb(${value}::text)
            else to_jsonb(${value}) end`,
  },
};

/** Names of the columns stored in the table. */
export function storedColumns(entity: EntityMetadata): string[] {
  return entity.columns.filter((column) => !column.isVirtualProperty).map((column) => column.databaseName);
}

/** Number of `rows` for each `change` ('added', 'removed', 'changed'). */
export function countChanges(source: DataSource, entity: EntityMetadata): string {
  return `select change, count(*) as rows from (${comparison(source, entity, [])}) as compared
           where change is not null group by change`;
}

/** The first rows that differ: `change`, and each column's values as `before_<n>` and `after_<n>`. */
export function compareRows(source: DataSource, entity: EntityMetadata): string {
  const dialect = dialectOf(source);
  const columns = storedColumns(entity);
  const values = columns.flatMap((column, index) => [
    `live.${source.driver.escape(column)} as before_${index}`,
    `shadow.${source.driver.escape(column)} as after_${index}`,
  ]);
  const order = entity.primaryColumns
    .map((column) => columns.indexOf(column.databaseName))
    .map((index) => `coalesce(before_${index}, after_${index})`)
    .join(', ');
  const answers = columns.flatMap((_, index) =>
    [`before_${index}`, `after_${index}`].map((value) => `${dialect.shown(value)} as ${value}`),
  );
  const first = `select * from (${comparison(source, entity, values)}) as compared
                  where change is not null order by ${order} limit ${EXAMPLES}`;
  return `select change, ${answers.join(', ')} from (${first}) as examples order by ${order}`;
}

/** Each key of either table, with `change`, which is null when the rows are equal. */
function comparison(source: DataSource, entity: EntityMetadata, values: readonly string[]): string {
  const escape = (name: string) => source.driver.escape(name);
  const pairs = (names: readonly string[], compare: (one: string, other: string) => string) =>
    names.map((name) => compare(`live.${escape(name)}`, `shadow.${escape(name)}`));
  const keys = entity.primaryColumns.map(({ databaseName }) => databaseName);
  // Compares keys, too: its collation may consider differently written keys as equal.
  const differ = pairs(storedColumns(entity), (one, other) => dialectOf(source).differs(one, other)).join(' or ');
  const change = `case when live.${escape(keys[0]!)} is null then 'added'
                       when shadow.${escape(keys[0]!)} is null then 'removed'
                       when ${differ} then 'changed' end as change`;
  return `select ${[change, ...values].join(', ')}
            from ${escape(entity.tableName)} as live
            full join ${escape(shadowOf(entity.tableName))} as shadow
              on ${pairs(keys, (one, other) => `${one} = ${other}`).join(' and ')}`;
}

function dialectOf(source: DataSource): Dialect {
  return DIALECTS[source.options.type === 'postgres' ? 'postgres' : 'sqlite'];
}
