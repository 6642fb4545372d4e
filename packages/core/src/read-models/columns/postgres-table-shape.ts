import type { DataSource } from 'typeorm';
import { type PostgresColumn, postgresType, SUPPORTED_TYPES } from './postgres-types.js';
import { sameColumns, type TableColumn, type TableShape } from './table-shape.js';
import type { UnstorableText } from './text-types.js';
import { postgresRowLists } from '../statements/postgres-row-lists.js';

interface Index {
  readonly columns: string[] | null;
}

const COLUMNS = `
  select a.attname as name, t.typname as type, t.typtype as kind, e.typname as element, a.atttypmod as modifier,
         format_type(a.atttypid, a.atttypmod) as shown, coalesce(c.collisdeterministic, true) as deterministic,
         not a.attnotnull as nullable, a.attgenerated <> '' or a.attidentity = 'a' as computed,
         case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end as default
    from pg_attribute a
    join pg_type t on t.oid = a.atttypid
    left join pg_type e on e.oid = t.typelem and t.typcategory = 'A'
    left join pg_collation c on c.oid = a.attcollation
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attrelid = to_regclass(quote_ident($1)) and a.attnum > 0 and not a.attisdropped`;

/** Columns are null for a partial index, or for an index on an expression. */
const UNIQUE_INDEXES = `
  select case when i.indpred is null and i.indexprs is null and i.indisunique and i.indimmediate then
           (select array_agg(a.attname::text) from pg_attribute a
             where a.attrelid = i.indrelid and a.attnum = any(i.indkey[0:i.indnkeyatts - 1])) end as columns
    from pg_index i
   where i.indrelid = to_regclass(quote_ident($1)) and (i.indisunique or i.indisexclusion)`;

const DEPENDENTS = `
  select 1 from pg_constraint where contype = 'f' and confrelid = to_regclass(quote_ident($1))
   union all
  select 1 from pg_trigger where tgrelid = to_regclass(quote_ident($1)) and not tgisinternal
   limit 1`;

export function postgresTableShape(unstorable: UnstorableText) {
  return async (source: DataSource, table: string): Promise<TableShape | undefined> => {
    const columns = await source.query<PostgresColumn[]>(COLUMNS, [table]);
    if (columns.length === 0) return undefined;
    const indexes = await source.query<Index[]>(UNIQUE_INDEXES, [table]);
    const dependents = await source.query<unknown[]>(DEPENDENTS, [table]);
    return {
      supportedTypes: SUPPORTED_TYPES,
      columns: new Map(columns.map((column) => [column.name, tableColumn(column, unstorable)])),
      uniqueKeys: indexes.flatMap((index) => (index.columns ? [index.columns] : [])),
      hasOtherUniqueness: (key) => indexes.some((index) => !index.columns || !sameColumns(index.columns, key)),
      hasDependents: dependents.length > 0,
      lists: postgresRowLists,
    };
  };
}

function tableColumn(column: PostgresColumn, unstorable: UnstorableText): TableColumn {
  const type = postgresType(column, unstorable);
  return {
    name: column.name,
    typeName: column.shown,
    storedAs: () => type,
    isNullable: column.nullable,
    isComputed: column.computed,
    default: column.default,
  };
}
