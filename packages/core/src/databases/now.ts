import type { DatabaseKind } from './database-url.js';

/** SQL for the database's clock: whole ms since 1970, UTC, rounded down. Rounded up, it would be ahead of the clock. */
export const NOW_IN_MS: Record<DatabaseKind, string> = {
  postgres: 'floor(extract(epoch from clock_timestamp()) * 1000)::bigint',
  sqlite: "cast(unixepoch('subsec') * 1000 as integer)",
};
