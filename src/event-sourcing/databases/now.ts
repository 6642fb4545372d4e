import type { DatabaseKind } from './database-url.js';

/** The database's clock in SQL: ms since 1970, UTC. */
export const NOW_IN_MS: Record<DatabaseKind, string> = {
  postgres: '(extract(epoch from clock_timestamp()) * 1000)::bigint',
  sqlite: "cast(unixepoch('subsec') * 1000 as integer)",
};
