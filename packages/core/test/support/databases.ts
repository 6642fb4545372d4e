import { randomBytes } from 'node:crypto';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { type Contents, type Template, templateDatabase } from './templates.js';
import { closeConnectionsTo, connectionsTo } from './side-connections.js';
import { ADMIN_URL, createScratchFolder, removeFolder } from './test-run.mjs';

export const DATABASE_KINDS = ['sqlite', 'postgres'] as const;
export type DatabaseKind = (typeof DATABASE_KINDS)[number];

export interface TestDatabase {
  readonly kind: DatabaseKind;
  /** The app's DATABASE_URL. */
  readonly url: string;
  /** The app's VIEWS_DATABASE_URL. */
  readonly viewsUrl: string;
  /** A separate folder for this database: it has SQLite's files, and a test may put files there. */
  readonly folder: string;
  /** Removes the databases and the folder, also while connections are open. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Read models in a separate PostgreSQL database. On SQLite they always have a separate file. */
  readonly separateViews?: boolean;
  /** Migrations that have run in it; none when left out. SQLite ignores it: there they cost no more than a copy. */
  readonly template?: Template;
}

export async function createTestDatabase(kind: DatabaseKind, options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const folder = await createScratchFolder(kind);
  return kind === 'sqlite' ? sqliteIn(folder) : postgresBeside(folder, options);
}

/** A copy with everything in it. Nothing may be connected to the original. */
export async function copyTestDatabase(original: TestDatabase): Promise<TestDatabase> {
  const folder = await createScratchFolder(original.kind);
  await cp(original.folder, folder, { recursive: true });
  if (original.kind === 'sqlite') return sqliteIn(folder);
  const [events, views] = [nameIn(original.url), nameIn(original.viewsUrl)];
  for (const url of new Set([original.url, original.viewsUrl])) await closeConnectionsTo(url);
  return postgresFrom(folder, { events, ...(views !== events && { views }) });
}

function sqliteIn(folder: string): TestDatabase {
  return {
    kind: 'sqlite',
    url: `sqlite:${join(folder, 'events.sqlite')}`,
    viewsUrl: `sqlite:${join(folder, 'views.sqlite')}`,
    folder,
    drop: () => removeFolder(folder),
  };
}

async function postgresBeside(folder: string, { separateViews, template }: TestDatabaseOptions): Promise<TestDatabase> {
  return postgresFrom(folder, {
    events: await sourceOf(template, separateViews ? 'events' : 'both'),
    ...(separateViews && { views: await sourceOf(template, 'views') }),
  });
}

/** @param sources the databases to copy; the one for events has the read models, too, if there is no other */
async function postgresFrom(folder: string, sources: { events: string; views?: string }): Promise<TestDatabase> {
  const events = `leftfold_${randomBytes(8).toString('hex')}`;
  const views = sources.views === undefined ? events : `${events}_views`;
  const names = [...new Set([events, views])];
  await createFrom(sources.events, events);
  if (sources.views !== undefined) await createFrom(sources.views, views);

  return {
    kind: 'postgres',
    url: urlOf(events),
    viewsUrl: urlOf(views),
    folder,
    drop: async () => {
      for (const name of names) await closeConnectionsTo(urlOf(name));
      await asAdmin(names.map((name) => `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
      await removeFolder(folder);
    },
  };
}

async function sourceOf(template: Template | undefined, contents: Contents): Promise<string> {
  // template0: a session that is open on template1 would make CREATE DATABASE fail.
  return template ? templateDatabase(template, contents, (statement) => asAdmin([statement]), urlOf) : 'template0';
}

async function createFrom(source: string, name: string): Promise<void> {
  // Copied as files, because the other strategy writes everything to the write-ahead log first.
  await asAdmin([`CREATE DATABASE ${name} TEMPLATE ${source} STRATEGY file_copy`]);
}

function nameIn(url: string): string {
  return new URL(url).pathname.slice(1);
}

function urlOf(database: string): string {
  const url = new URL(adminUrl());
  url.pathname = `/${database}`;
  return url.href;
}

async function asAdmin(statements: string[]): Promise<void> {
  for (const statement of statements) await connectionsTo(adminUrl()).query(statement);
}

function adminUrl(): string {
  const url = process.env[ADMIN_URL];
  if (!url) {
    throw new Error(
      `${ADMIN_URL} is not set. Tests that need PostgreSQL belong in *.int-spec.ts or *.e2e-spec.ts, where Jest starts one.`,
    );
  }
  return url;
}
