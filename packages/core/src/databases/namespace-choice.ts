import type { DatabaseTarget } from './database-url.js';
import { describeTarget } from './database-url.js';
import { DatabaseUnusableError } from './database-unusable.error.js';
import { DEFAULT_PREFIX } from './namespace.js';

/** Options for where the kernel's tables are. */
export interface NamespaceOptions {
  /** Prefix of their names. When left out, it is detected. */
  readonly tablePrefix?: string | undefined;
  /** Prefix for new tables when `tablePrefix` is left out and none exist yet. */
  readonly newTables?: string;
  /** PostgreSQL schema of the tables. When left out, the first schema of the search path. */
  readonly schema?: string | undefined;
}

/** Tables that show that the kernel has used a database. No other program has all of them by chance. */
export const MARKER_TABLES = {
  events: ['leftfold_event_log', 'leftfold_event_tags', 'leftfold_migrations_events'],
  views: ['leftfold_read_models', 'leftfold_migrations_views'],
} as const;

/** Table names to look for: with the default prefix, and without a prefix as in old logs. */
export function markerTablesOf(name: 'events' | 'views'): string[] {
  return MARKER_TABLES[name].flatMap((each) => [each, each.slice(DEFAULT_PREFIX.length)]);
}

/**
 * The prefix of the kernel's tables in a database.
 * @param existing which names of `markerTablesOf` exist
 * @throws DatabaseUnusableError when there are two logs, one with the default prefix and one without a prefix
 */
export function choosePrefix(
  name: 'events' | 'views',
  target: DatabaseTarget,
  existing: ReadonlySet<string>,
  { tablePrefix, newTables = DEFAULT_PREFIX }: NamespaceOptions,
): string {
  if (tablePrefix !== undefined) return tablePrefix;
  const prefixed = existing.has(MARKER_TABLES[name][0]);
  const bare = MARKER_TABLES[name].every((each) => existing.has(each.slice(DEFAULT_PREFIX.length)));
  if (prefixed && bare) {
    throw new DatabaseUnusableError(
      name,
      `${describeTarget(target)} has the tables of two applications: some that begin with "${DEFAULT_PREFIX}", and some without a ` +
        `prefix. Say which are this application's, with the option tablePrefix: '${DEFAULT_PREFIX}' or tablePrefix: ''.`,
      { option: 'tablePrefix' },
    );
  }
  if (prefixed) return DEFAULT_PREFIX;
  return bare ? '' : newTables;
}
