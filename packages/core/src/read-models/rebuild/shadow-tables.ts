import type { DatabaseKind } from '../../databases/database-url.js';
import { PostgresShadowTables } from './postgres/postgres-shadow-tables.js';
import type { ShadowTables } from './shadow.js';
import { SqliteShadowTables } from './sqlite/sqlite-shadow-tables.js';

const SHADOW_TABLES: Readonly<Record<DatabaseKind, new () => ShadowTables>> = {
  sqlite: SqliteShadowTables,
  postgres: PostgresShadowTables,
};

export function shadowTablesFor(kind: DatabaseKind): ShadowTables {
  return new SHADOW_TABLES[kind]();
}
