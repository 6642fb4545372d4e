import type { DatabaseTarget } from './database-url.js';
import { describeTarget } from './database-url.js';
import { DatabaseUnusableError } from './database-unusable.error.js';
import { DEFAULT_PREFIX } from './namespace.js';

/** What an application says of the place of the kernel's tables. */
export interface NamespaceOptions {
  /** What their names begin with. Left out, it is found. */
  readonly tablePrefix?: string | undefined;
  /** What their names begin with where it was left out and there are none yet. */
  readonly newTables?: string;
  /** The schema of PostgreSQL that they are in. Left out, it is the first of the search path. */
  readonly schema?: string | undefined;
}

/** Tables that tell that the kernel has been in a database. No other program has all of them by chance. */
export const SIGNS = {
  events: ['leftfold_event_log', 'leftfold_event_tags', 'leftfold_migrations_events'],
  views: ['leftfold_read_models', 'leftfold_migrations_views'],
} as const;

/** The names that are to be looked for: with the default prefix, and as they were before there was one. */
export function signsOf(name: 'events' | 'views'): string[] {
  return SIGNS[name].flatMap((each) => [each, each.slice(DEFAULT_PREFIX.length)]);
}

/**
 * The prefix of the kernel's tables in a database.
 * @param there those of `signsOf` that there are
 * @throws DatabaseUnusableError when there are two logs, one with the default prefix and one without any
 */
export function choosePrefix(
  name: 'events' | 'views',
  target: DatabaseTarget,
  there: ReadonlySet<string>,
  { tablePrefix, newTables = DEFAULT_PREFIX }: NamespaceOptions,
): string {
  if (tablePrefix !== undefined) return tablePrefix;
  const prefixed = there.has(SIGNS[name][0]);
  const bare = SIGNS[name].every((each) => there.has(each.slice(DEFAULT_PREFIX.length)));
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
