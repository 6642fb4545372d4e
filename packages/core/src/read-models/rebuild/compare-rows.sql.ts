import type { DataSource, EntityMetadata } from 'typeorm';
import { dialectOf } from '../../databases/dialects/dialect-of.js';
import { shadowOf } from './shadow.js';

const EXAMPLES = 10;

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
    [`before_${index}`, `after_${index}`].map((value) => `${dialect.forJson(value)} as ${value}`),
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
