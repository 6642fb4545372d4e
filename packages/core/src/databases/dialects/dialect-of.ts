import type { DataSource } from 'typeorm';
import type { DatabaseKind } from '../database-url.js';
import type { Dialect } from './dialect.js';
import { POSTGRES } from './postgres.dialect.js';
import { SQLITE } from './sqlite.dialect.js';

/** A DataSource, or what belongs to one: an entity manager or a query runner. */
export type OfDataSource = Pick<DataSource, 'options'> | { readonly dataSource: Pick<DataSource, 'options'> };

/** The SQL dialect of a DataSource of the kernel. */
export function dialectOf(from: OfDataSource): Dialect {
  const { options } = 'dataSource' in from ? from.dataSource : from;
  return options.type === 'postgres' ? POSTGRES : SQLITE;
}

/** The SQL dialect of a kind of database. */
export function dialectFor(kind: DatabaseKind): Dialect {
  return kind === 'postgres' ? POSTGRES : SQLITE;
}
