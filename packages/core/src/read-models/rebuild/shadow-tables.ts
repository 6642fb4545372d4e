import type { DatabaseKind } from '../../databases/database-url.js';
import { PostgresShadowTables } from './postgres/postgres-shadow-tables.js';
import type { ShadowTables } from './shadow.js';
import { SqliteShadowTables } from './sqlite-shadow-tables.js';

export function shadowTablesFor(kind: DatabaseKind): ShadowTables {
  return kind === 'sqlite' ? new SqliteShadowTables() : new PostgresShadowTables();
}
