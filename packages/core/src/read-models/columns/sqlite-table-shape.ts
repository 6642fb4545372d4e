import type { DataSource } from 'typeorm';
import { sqliteType, SUPPORTED_TYPES } from './sqlite-types.js';
import { sameColumns, type TableColumn, type TableShape } from './table-shape.js';
import type { UnstorableText } from './text-types.js';
import { sqliteRowLists } from '../statements/sqlite-row-lists.js';

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
  /** Position in the primary key, from 1; 0 for other columns. */
  readonly pk: number;
  /** 2 and 3: generated columns. */
  readonly hidden: number;
  readonly collation: string | null;
}

interface IndexedColumn {
  readonly index: string;
  readonly partial: number;
  /** Null for an index on an expression. */
  readonly name: string | null;
}

/** SQLite reports the collation of a column only through an index. */
const COLUMNS = `
  select c.*, (select x.coll from pragma_index_list(?) i, pragma_index_xinfo(i.name) x
                where i."unique" = 1 and x.key = 1 and x.name = c.name order by i.origin = 'pk' desc limit 1) as collation
    from pragma_table_xinfo(?) c where c.hidden <> 1`;
const UNIQUE_INDEXES = `
  select i.name as "index", i.partial, x.name
    from pragma_index_list(?) i, pragma_index_xinfo(i.name) x where i."unique" = 1 and x.key = 1`;

const DEPENDENTS = `
  select 1 from sqlite_schema t, pragma_foreign_key_list(t.name) f
   where t.type = 'table' and f."table" = ? collate nocase
   union all
  select 1 from sqlite_schema where type = 'trigger' and tbl_name = ? collate nocase
   limit 1`;

export function sqliteTableShape(unstorable: UnstorableText) {
  return async (source: DataSource, table: string): Promise<TableShape | undefined> => {
    const columns = await source.query<Column[]>(COLUMNS, [table, table]);
    if (columns.length === 0) return undefined;
    const indexed = await source.query<IndexedColumn[]>(UNIQUE_INDEXES, [table]);
    const indexes = Map.groupBy(indexed, ({ index }) => index);
    const keys = [...indexes.values()].map((parts) =>
      parts.every(({ name, partial }) => name !== null && !partial) ? parts.map(({ name }) => name!) : undefined,
    );
    const dependents = await source.query<unknown[]>(DEPENDENTS, [table, table]);
    // An `integer primary key` is the rowid and has no index.
    const primary = columns.filter(({ pk }) => pk > 0).map(({ name }) => name);
    if (primary.length > 0) keys.push(primary);
    return {
      supportedTypes: SUPPORTED_TYPES,
      columns: new Map(columns.map((column) => [column.name, tableColumn(column, unstorable)])),
      uniqueKeys: keys.filter((key) => key !== undefined),
      hasOtherUniqueness: (key) => keys.some((each) => !each || !sameColumns(each, key)),
      hasDependents: dependents.length > 0,
      lists: sqliteRowLists,
    };
  };
}

function tableColumn(column: Column, unstorable: UnstorableText): TableColumn {
  return {
    name: column.name,
    typeName: column.type || 'no type',
    storedAs: (property) => sqliteType(property, column.type, column.collation ?? 'BINARY', unstorable),
    isNullable: column.notnull === 0 && column.pk === 0,
    isComputed: column.hidden > 1,
    default: column.dflt_value,
  };
}
