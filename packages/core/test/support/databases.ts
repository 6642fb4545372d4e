import { randomBytes } from 'node:crypto';
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
  const events = `leftfold_${randomBytes(8).toString('hex')}`;
  const views = separateViews ? `${events}_views` : events;
  const names = [...new Set([events, views])];
  await copyOf(template, separateViews ? 'events' : 'both', events);
  if (separateViews) await copyOf(template, 'views', views);

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

async function copyOf(template: Template | undefined, contents: Contents, name: string): Promise<void> {
  // template0: a session that is open on template1 would make CREATE DATABASE fail.
  const source = template
    ? await templateDatabase(template, contents, (statement) => asAdmin([statement]), urlOf)
    : 'template0';
  // Copied as files, because the other strategy writes everything to the write-ahead log first.
  await asAdmin([`CREATE DATABASE ${name} TEMPLATE ${source} STRATEGY file_copy`]);
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
