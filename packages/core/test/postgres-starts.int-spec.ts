import { jest } from '@jest/globals';
import pg from 'pg';
import { Databases } from '../src/index.js';
import { ALARM, CounterAlarm, CounterGreeter } from './counters/counter-alarm.js';
import { CounterNodes, open, raise, settled } from './counters/counter-nodes.js';
import { LEVELLING, LEVELLING_PROVIDERS } from './counters/counter-saga.js';
import { createKernelDatabase } from './counters/kernel-database.js';
import { bootKernel } from './counters/counter-node.js';
import { eventually } from './support/eventually.js';
import { runSql } from './support/stored-rows.js';

// A session costs a server some 10 to 40 ms, and each process of an application opens them when it starts.

const RUNNING = [ALARM, LEVELLING, 'counters.greeter'];

interface Used {
  sessions: number;
  readonly statements: string[];
}

/** Counts what the kernel in this process asks of servers from now on. Its connections are of classes of its own. */
function countUse(): Used {
  const used: Used = { sessions: 0, statements: [] };
  const { connect, query } = pg.Client.prototype as unknown as Record<
    'connect' | 'query',
    (...all: unknown[]) => unknown
  >;
  const isOfTheTest = (client: unknown): boolean => (client as object).constructor === pg.Client;
  jest.spyOn(pg.Client.prototype, 'connect').mockImplementation(function (this: unknown, ...args: unknown[]) {
    if (!isOfTheTest(this)) used.sessions += 1;
    return connect.apply(this, args);
  });
  jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: unknown, ...args: unknown[]) {
    const [statement] = args as [string | { readonly text: string }];
    if (!isOfTheTest(this)) used.statements.push(typeof statement === 'string' ? statement : statement.text);
    return query.apply(this, args);
  });
  return used;
}

describe('a process on PostgreSQL', () => {
  let nodes: CounterNodes;

  beforeAll(async () => {
    nodes = await CounterNodes.prepare('postgres', {
      providers: [CounterAlarm, CounterGreeter, ...LEVELLING_PROVIDERS],
    });
    // The first start makes the log and the rows of state.
    await nodes.stop(await nodes.start());
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  afterAll(async () => {
    await nodes.drop();
  });

  it('opens few sessions when it starts, and none when it stops', async () => {
    const used = countUse();

    const node = await nodes.start();
    await eventually(async () => {
      const owners = await nodes.sql('select name from leftfold_subscriptions where owner is not null order by name');
      expect(owners.map(({ name }) => name)).toEqual(RUNNING.toSorted());
    });
    const started = { sessions: used.sessions, statements: [...used.statements] };
    // One that is still starting would release its lease later than the others, with a statement of its own.
    await raise(node, await open(node));
    for (const name of [...RUNNING, 'counters.counter-view']) await settled(node, {}, name);
    used.sessions = 0;
    used.statements.length = 0;
    await nodes.stop(node);

    // One of each of the four pools; what listens is not counted. Pools that wait for a busy server open more.
    expect(started.sessions).toBeGreaterThanOrEqual(4);
    expect(started.sessions).toBeLessThanOrEqual(7);
    expect(new Set(started.statements).size).toBeLessThanOrEqual(40);
    // The longer the start takes, the more renewals are among them.
    expect(started.statements.length).toBeLessThanOrEqual(150);
    expect(used.sessions).toBe(0);
    // One for each table of leases, and one that wakes the other nodes up.
    expect(used.statements.filter((sql) => sql.startsWith('update'))).toHaveLength(2);
  });
});

it('the sessions of the pool for writing are READ COMMITTED, whatever the default of the database is', async () => {
  const database = await createKernelDatabase('postgres');
  const name = new URL(database.url).pathname.slice(1);
  await runSql(database.url, `alter database "${name}" set default_transaction_isolation = 'serializable'`);
  const kernel = await bootKernel(database, { runSubscriptions: false }, {});
  try {
    const { write } = kernel.get(Databases).events;
    // Together, so that each has a session of its own; one of them has looked for the tables.
    const levels = await Promise.all(
      [1, 2, 3].map(() =>
        write.transaction(async (manager) => {
          const [row] = (await manager.query(
            `select current_setting('transaction_isolation') as level, pg_backend_pid() as session, pg_sleep(0.2)`,
          )) as { level: string; session: number }[];
          return row!;
        }),
      ),
    );
    expect(levels.map(({ level }) => level)).toEqual(Array(3).fill('read committed'));
    expect(new Set(levels.map(({ session }) => session)).size).toBe(3);
  } finally {
    await kernel.close();
    await database.drop();
  }
});
