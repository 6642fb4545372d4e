import type { DatabaseKind } from './database-url.js';

/** The database's clock in SQL: whole ms since 1970, UTC, that have passed; rounded up it would run ahead of itself. */
export const NOW_IN_MS: Record<DatabaseKind, string> = {
  postgres: 'floor(extract(epoch from clock_timestamp()) * 1000)::bigint',
  sqlite: "cast(unixepoch('subsec') * 1000 as integer)",
};
