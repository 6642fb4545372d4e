import { dirname, join, resolve } from 'node:path';

/** The databases that Leftfold runs on. */
export type DatabaseKind = 'sqlite' | 'postgres';

/** Where a database is: a file, or a PostgreSQL connection URL. */
export type DatabaseTarget =
  { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'postgres'; readonly url: string };

/**
 * Parses `sqlite:<path>` (relative to the working directory, or absolute) or `postgres://...`.
 * @throws Error with a sentence that lists the valid forms
 */
export function parseDatabaseUrl(url: string): DatabaseTarget {
  const scheme = url.slice(0, url.indexOf(':') + 1);
  if (scheme === 'sqlite:') {
    const path = url.slice(scheme.length).replace(/^\/\/(?=\/)/, '');
    if (path === '' || path.includes(':memory:')) {
      throw new Error(
        'names no file; several connections share it, so write sqlite:./data/events.sqlite or another path.',
      );
    }
    return { kind: 'sqlite', path: resolve(path) };
  }
  if ((scheme === 'postgres:' || scheme === 'postgresql:') && URL.canParse(url)) return { kind: 'postgres', url };
  throw new Error('must be sqlite:<path> or postgres://<user>:<password>@<host>:<port>/<database>.');
}

/** Default place of the read models: `views.sqlite` next to the log's file, or the log's PostgreSQL database. */
export function defaultViewsTarget(log: DatabaseTarget): DatabaseTarget {
  return log.kind === 'sqlite' ? { kind: 'sqlite', path: join(dirname(log.path), 'views.sqlite') } : log;
}

/** The path of a database that is a file; undefined when it is on a server. */
export function fileOf(target: DatabaseTarget): string | undefined {
  return target.kind === 'sqlite' ? target.path : undefined;
}

/** The URL of a database on a server; undefined when it is a file. */
export function serverUrlOf(target: DatabaseTarget): string | undefined {
  return target.kind === 'postgres' ? target.url : undefined;
}

/** The target as text without a password. */
export function describeTarget(target: DatabaseTarget): string {
  if (target.kind === 'sqlite') return target.path;
  const url = new URL(target.url);
  return `postgres://${url.host}${url.pathname}`;
}

/** The URL of a database, without user, password and options. */
export function publicUrl(target: DatabaseTarget): string {
  return target.kind === 'sqlite' ? `sqlite:${target.path}` : describeTarget(target);
}
