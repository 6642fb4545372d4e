import { randomBytes } from 'node:crypto';
import { times } from '../../src/conformance/samples.js';
import { parseDatabaseUrl } from '../../src/databases/database-url.js';
import { DatabaseUnusableError } from '../../src/databases/database-unusable.error.js';
import { DatabaseLimits } from '../../src/databases/database-limits.js';
import { type OpenDatabase, openDatabase, type OpeningOptions } from '../../src/databases/open-database.js';
import { LOG_SCHEMA } from '../../src/event-log/log-schema.js';
import { openEventLog } from '../../src/event-log/open-event-log.js';
import { connectionsTo } from '../support/side-connections.js';
import { eventually } from '../support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { runSql } from '../support/stored-rows.js';

interface Use {
  readonly url: string;
  readonly schema?: string;
}

/** In the order of their bytes, which is no language's order. */
const STREAMS = ['a-1', 'a-B', 'a-a', 'a-z', 'a-Ä', 'a-ä', 'a1-1', 'a_1-1', 'z-1'];

/** Appends, and reads in every way that depends on the order of texts or on time. */
async function use({ url, schema }: Use): Promise<{ schema: string | undefined; streams: string[]; found: string[] }> {
  const database = await openDatabase('events', parseDatabaseUrl(url), LOG_SCHEMA, { schema });
  const log = await openEventLog(database);
  try {
    for (const stream of STREAMS.toReversed()) {
      await log.append([
        { stream, expected: 'any', events: [{ type: 'samples.made', data: {}, metadata: { actor: stream } }] },
      ]);
    }
    const streams: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await log.listStreams({ limit: 2, ...(after === undefined ? {} : { after }) });
      streams.push(...page.map(({ stream }) => stream));
      if (page.length < 2) break;
      after = page.at(-1)!.stream;
    }
    const found = (await log.listStreams({ prefix: 'a-', limit: 10 })).map(({ stream }) => stream);
    for (const stream of STREAMS) {
      const by = await log.readAll({ after: 0, limit: 10, actor: stream });
      expect(new Set(by.events.map((event) => event.stream))).toEqual(new Set([stream]));
      expect(Math.abs(by.events[0]!.recordedAt.getTime() - Date.now())).toBeLessThan(60_000);
    }
    expect(await log.positionAt(new Date())).toBe(await log.head());
    return { schema: database.namespace.schema, streams, found };
  } finally {
    await log.close();
    await database.close();
  }
}

const works = (schema: string) => ({ schema, streams: STREAMS, found: STREAMS.slice(0, 6) });

describe('a PostgreSQL database', () => {
  let database: TestDatabase;
  let name: string;

  beforeEach(async () => {
    database = await createTestDatabase('postgres');
    name = new URL(database.url).pathname.slice(1);
  });

  afterEach(() => database.drop());

  it.each<{ what: string; sql: string[]; schema?: string; in: string }>([
    { what: 'as it comes', sql: [], in: 'public' },
    {
      what: 'a schema of its own first in its search_path',
      sql: ['create schema app', path('app, public')],
      in: 'app',
    },
    { what: 'no schema in its search_path, and one by option', sql: [path('nowhere')], schema: 'shop', in: 'shop' },
    { what: 'an empty search_path, and one by option', sql: [path(`''`)], schema: 'public', in: 'public' },
    {
      what: 'temporary tables first, and a schema by option',
      sql: [path('pg_temp, public')],
      schema: 'shop',
      in: 'shop',
    },
    { what: 'another time zone', sql: [setting(`timezone = 'Asia/Kathmandu'`)], in: 'public' },
    { what: 'another style of dates', sql: [setting(`datestyle = 'SQL, DMY'`)], in: 'public' },
  ])('with $what works', async ({ sql, schema, in: place }) => {
    for (const each of sql) await runSql(database.url, each.replace('this_database', name));

    expect(await use({ url: database.url, ...(schema === undefined ? {} : { schema }) })).toEqual(works(place));
  });

  it.each<{ what: string; sql: string[]; sentence: RegExp }>([
    {
      what: 'whose search_path names no schema',
      sql: [path('nowhere')],
      sentence: /search_path \(nowhere\) names no schema that there is.*option schema/,
    },
    {
      what: 'whose search_path begins with temporary tables',
      sql: [path('pg_temp, public')],
      sentence: /search_path \(pg_temp, public\) begins with the schema for temporary tables.*option schema/,
    },
  ])('$what is refused with a readable error', async ({ sql, sentence }) => {
    for (const each of sql) await runSql(database.url, each.replace('this_database', name));

    await refused(use({ url: database.url }), sentence);
  });

  it('with a changed search_path is refused, and works with the option schema', async () => {
    await use({ url: database.url });
    await runSql(database.url, 'create schema app');
    await runSql(database.url, path('app, public').replace('this_database', name));

    await refused(
      use({ url: database.url }),
      /made in the schema "app".*some in "public".*schema: 'public' or schema: 'app'/,
    );
    expect((await use({ url: database.url, schema: 'public' })).schema).toBe('public');
  });

  it.each([
    ['C', `locale_provider libc locale 'C'`],
    ['the Swedish of ICU', `locale_provider icu icu_locale 'sv-SE' locale 'C'`],
    ['one that ignores punctuation', `locale_provider icu icu_locale 'und-u-ka-shifted-kn' locale 'C'`],
  ])('with the collation %s works', async (_what, locale) => {
    const other = `${name}_locale`;
    const url = Object.assign(new URL(database.url), { pathname: `/${other}` }).href;
    await runSql(
      database.url,
      `create database ${other} template template0 strategy file_copy encoding 'UTF8' ${locale}`,
    );
    try {
      expect(await use({ url })).toEqual(works('public'));
    } finally {
      await runSql(database.url, `drop database ${other} with (force)`);
    }
  });

  describe('and a role that may not create tables', () => {
    const role = `poor_${randomBytes(4).toString('hex')}`;

    beforeEach(() => runSql(database.url, `create role ${role} login password 'poor'`));

    afterEach(async () => {
      await connectionsTo(database.url).query(`drop owned by ${role}; drop role ${role}`);
    });

    const poor = (schema?: string): Use => ({
      url: Object.assign(new URL(database.url), { username: role, password: 'poor' }).href,
      ...(schema === undefined ? {} : { schema }),
    });

    it('is refused before the tables exist, with the missing grant', async () => {
      await refused(
        use(poor()),
        new RegExp(
          `${LOG_SCHEMA.migrations.length} migrations are pending, and the role "${role}" may not make tables in the schema public.*` +
            `GRANT CREATE, USAGE ON SCHEMA public TO ${role};`,
        ),
      );
      await runSql(database.url, `grant create, usage on schema public to ${role}`);
      expect(await use(poor())).toEqual(works('public'));
    });

    it('works when no migration is pending', async () => {
      await (await openDatabase('events', parseDatabaseUrl(database.url), LOG_SCHEMA)).close();
      await runSql(database.url, `grant select, insert, update, delete on all tables in schema public to ${role}`);

      expect(await use(poor())).toEqual(works('public'));
    });

    it('is refused a missing schema', async () => {
      await refused(use(poor('shop')), /has no schema "shop", and this role may not make one.*create schema "shop"/);
    });

    it('is refused a schema that it may not use', async () => {
      await runSql(database.url, 'create schema shop');

      await refused(use(poor('shop')), /search_path \(shop\) names no schema that there is and that this role may use/);
    });
  });
});

describe('the connections of a process', () => {
  const nothing = { entities: [], migrations: [] };
  let database: TestDatabase;
  let opened: OpenDatabase[];

  beforeEach(async () => {
    database = await createTestDatabase('postgres');
    opened = [];
  });

  afterEach(async () => {
    for (const each of opened) await each.close();
    await database.drop();
  });

  const open = async (name: 'events' | 'views', url: string, options: OpeningOptions): Promise<OpenDatabase> => {
    const made = await openDatabase(name, parseDatabaseUrl(url), nothing, options);
    opened.push(made);
    return made;
  };
  const sessions = async (): Promise<number> => {
    const [row] = await runSql(
      database.url,
      `select count(*) from pg_stat_activity where datname = current_database() and application_name = 'leftfold'`,
    );
    return Number(row!.count);
  };

  it.each([
    ['beside the log', ''],
    // Perhaps another server.
    ['at another URL', '?keepalives=1'],
  ])('to read models %s are one to write and one to read at first', async (_where, parameter) => {
    // The first start migrates, with a session more.
    for (const name of ['events', 'views'] as const)
      await (await openDatabase(name, parseDatabaseUrl(database.url), nothing)).close();
    await eventually(async () => expect(await sessions()).toBe(0));
    const beside = await open('events', database.url, {});
    const before = await sessions();

    await open('views', database.url + parameter, { beside });

    expect((await sessions()) - before).toBe(2);
  });

  it('are no more than each pool may have', async () => {
    const limits = Object.assign(new DatabaseLimits(), { connections: 3 });
    const { write, read } = await open('events', database.url, { limits });

    await Promise.all(times(9, () => write.transaction((manager) => manager.query('select pg_sleep(0.1)'))));
    await Promise.all(times(9, () => read.query('select pg_sleep(0.1)')));

    expect(await sessions()).toBe(2 * limits.connections);
  });
});

function path(schemas: string): string {
  return setting(`search_path = ${schemas}`);
}

function setting(text: string): string {
  return `alter database this_database set ${text}`;
}

async function refused(attempt: Promise<unknown>, sentence: RegExp): Promise<void> {
  const error: unknown = await attempt.then(
    () => 'nothing was refused',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DatabaseUnusableError);
  expect((error as Error).message).toMatch(sentence);
}
