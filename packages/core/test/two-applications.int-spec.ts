import type { INestApplicationContext } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import Sqlite from 'better-sqlite3';
import { v7 as uuidv7 } from 'uuid';
import { Databases, EventLog, EventSourcingModule, Subscriptions } from '../src/index.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { connectionsTo } from './support/side-connections.js';
import { runSql } from './support/stored-rows.js';
import { bootKernel, CounterNode } from './counters/counter-node.js';
import { undisturbed } from './counters/counter-nodes.js';
import { LEVELLING, LEVELLING_PROVIDERS, lowerIt, reaction } from './counters/counter-saga.js';
import { COUNTER_HANDLERS, Counter, NameUse, OpenCounterCommand, RaiseCounterCommand } from './counters/counter.js';
import { TALLY, tallies } from './counters/tally-projection.js';

/** Tables of a third application, as many have them. */
const FOREIGN = ['events', 'subscriptions', 'commands', 'migrations'];
const LEASE = { leaseTtl: 120_000 };

/** Opens a counter and raises it so often; the saga lowers it each time. */
async function work(app: Pick<INestApplicationContext, 'get'>, times: number): Promise<string> {
  const id = uuidv7();
  const commands = app.get(CommandBus, { strict: false });
  await commands.execute(new OpenCounterCommand(id, id));
  for (let time = 1; time <= times; time++) await commands.execute(new RaiseCounterCommand(id, time));
  return id;
}

async function done(app: Pick<INestApplicationContext, 'get'>, events: number): Promise<void> {
  await eventually(async () => {
    expect(await app.get(EventLog, { strict: false }).head()).toBe(events);
    const all = await app.get(Subscriptions, { strict: false }).list();
    expect(all.map(({ position, parked }) => ({ position, parked }))).toEqual(
      all.map(() => ({ position: events, parked: 0 })),
    );
  });
}

async function rebuilt(app: Pick<INestApplicationContext, 'get'>, name: string): Promise<void> {
  const subscriptions = app.get(Subscriptions, { strict: false });
  await subscriptions.rebuild(name);
  await eventually(async () =>
    expect((await subscriptions.get(name)).rebuild).toMatchObject({ state: 'done', comparison: [{ added: 0 }] }),
  );
}

describe.each(DATABASE_KINDS)('two applications in one database on %s', (kind) => {
  let database: TestDatabase;
  const apps: { close(): Promise<void> }[] = [];

  beforeEach(async () => {
    undisturbed();
    reaction.to = lowerIt;
    database = await createTestDatabase(kind);
  });

  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
    undisturbed();
    await database.drop();
  });

  it('work independently with a prefix each, next to the tables of a third one', async () => {
    await makeForeign(database);
    const feature = {
      imports: [
        EventSourcingModule.forFeature({ aggregates: [Counter], decisionModels: [NameUse] }),
        ...(tallies().imports ?? []),
      ],
      providers: [...COUNTER_HANDLERS, ...LEVELLING_PROVIDERS, ...(tallies().providers ?? [])],
    };
    const one = await CounterNode.start(
      database,
      { ...LEASE, tablePrefix: 'shop_' },
      { providers: LEVELLING_PROVIDERS },
    );
    apps.push({ close: () => one.stop() });
    const other = await bootKernel(database, LEASE, feature);
    apps.push(other);

    await Promise.all([work(one, 3), work(other, 5)]);

    await done(one, 1 + 3 * 2);
    await done(other, 1 + 5 * 2);
    await rebuilt(one, 'counters.counter-view');
    await rebuilt(other, TALLY);
    expect(await one.get(EventLog).id()).not.toBe(await other.get(EventLog, { strict: false }).id());
    expect((await one.subscriptions.get(LEVELLING)).position).toBe(7);
    for (const table of FOREIGN) expect(await runSql(database.url, `select * from ${table}`)).toEqual([{ id: 1 }]);
  });

  it('are refused when one has no prefix and the option tablePrefix is missing', async () => {
    const bare = await CounterNode.start(database, { ...LEASE, tablePrefix: '' });
    await bare.stop();
    const prefixed = await bootKernel(database, { ...LEASE, tablePrefix: 'leftfold_' }, {});
    await prefixed.close();

    await expect(bootKernel(database, LEASE, {})).rejects.toThrow(
      /tables of two applications.*tablePrefix: 'leftfold_' or tablePrefix: ''/,
    );
  });
});

describe('two applications in one PostgreSQL database', () => {
  let database: TestDatabase;
  let nodes: CounterNode[];

  beforeEach(async () => {
    undisturbed();
    reaction.to = lowerIt;
    database = await createTestDatabase('postgres');
    nodes = [];
    for (const schema of ['shop', 'desk']) {
      nodes.push(await CounterNode.start(database, { ...LEASE, schema }, { providers: LEVELLING_PROVIDERS }));
    }
  });

  afterEach(async () => {
    for (const node of nodes) await node.stop();
    undisturbed();
    await database.drop();
  });

  it('keep all their tables in a schema each, including read models', async () => {
    await Promise.all(nodes.map((node, index) => work(node, index + 2)));

    for (const [index, node] of nodes.entries()) await done(node, 1 + (index + 2) * 2);
    for (const node of nodes) await rebuilt(node, 'counters.counter-view');
    for (const schema of ['shop', 'desk']) {
      expect(await runSql(database.url, `select count(*)::int as rows from ${schema}.counter_view`)).toEqual([
        { rows: 1 },
      ]);
    }
    expect(
      await runSql(database.url, `select relname from pg_class where relnamespace = 'public'::regnamespace`),
    ).toEqual([]);
  });

  it('share neither the append lock nor notifications', async () => {
    const [shop, desk] = nodes.map((node) => node.get(Databases).events.namespace);
    await work(nodes[0]!, 2);
    const admin = await connectionsTo(database.url).connect();
    try {
      const heard: number[] = [];
      admin.on('notification', ({ payload }) => heard.push(Number(payload)));
      await admin.query(`listen ${desk!.channel}`);
      await admin.query('select pg_advisory_lock($1)', [shop!.appendLock]);
      const waiting = work(nodes[0]!, 0);

      await work(nodes[1]!, 0);
      await admin.query('select pg_advisory_unlock($1)', [shop!.appendLock]);
      await waiting;
      await work(nodes[1]!, 0);

      // Each append tells of its position; the other log's are beyond these.
      await eventually(() => expect(heard).toContain(2));
      expect(Math.max(...heard)).toBe(2);
    } finally {
      admin.release(true);
    }
  });
});

async function makeForeign({ kind, url }: TestDatabase): Promise<void> {
  if (kind === 'sqlite') new Sqlite(url.slice('sqlite:'.length)).close();
  for (const table of FOREIGN) {
    await runSql(url, `create table ${table} (id integer primary key)`);
    await runSql(url, `insert into ${table} values (1)`);
  }
}
