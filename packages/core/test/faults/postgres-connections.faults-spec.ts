import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { Databases, isDatabaseAway } from '../../src/index.js';
import { CounterNode } from '../counters/counter-node.js';
import { gate, open, raise } from '../counters/counter-nodes.js';
import { GetCounterQuery } from '../counters/counter-view.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { runSql } from '../support/stored-rows.js';

/** In ms. */
const LIMITS = { connections: 3, append: 1_500, reconnect: 300, idleTransaction: 1_500 };

let database: TestDatabase;
let node: CounterNode;
/** A role of its own, whose sessions the test can count and limit. */
const role = `app_${randomBytes(4).toString('hex')}`;

beforeAll(async () => {
  database = await createTestDatabase('postgres');
  const name = new URL(database.url).pathname.slice(1);
  await runSql(database.url, `create role ${role} login password 'only-for-tests'`);
  await runSql(database.url, `alter database "${name}" owner to ${role}; alter schema public owner to ${role}`);
  const url = Object.assign(new URL(database.url), { username: role, password: 'only-for-tests' }).href;
  // After an outage, a read model may pause for as long as a query waits by default.
  const options = { databaseLimits: LIMITS, leaseTtl: 2_000, readWaitLimit: 60_000 };
  node = await CounterNode.start({ ...database, url, viewsUrl: url }, options);
});

afterAll(async () => {
  await node.stop();
  await runSql(database.url, `drop owned by ${role} cascade`);
  await database.drop();
  await runSql(Object.assign(new URL(database.url), { pathname: '/postgres' }).href, `drop role ${role}`);
});

/** A command is stored, and its read model gets there. */
async function works(): Promise<void> {
  const id = await eventually(() => open(node));
  const minPosition = await raise(node, id, 4);
  const { result } = await node.from({ minPosition }, () => node.queries.execute(new GetCounterQuery(id)));
  expect(result).toMatchObject({ value: 4 });
}

/** It fails as what may succeed later, which HTTP answers with 503 and Retry-After. */
async function expectAway(command: Promise<unknown>): Promise<void> {
  const error: unknown = await command.catch((failure: unknown) => failure);
  expect([error, isDatabaseAway(error)]).toEqual([expect.any(Error), true]);
}

it('while all connections for reading are in use, commands are refused as unavailable, and work again afterwards', async () => {
  const id = await open(node);
  const { read } = node.get(Databases).events;
  const { opened, open: release } = gate();
  const holding = Array.from({ length: LIMITS.connections }, () =>
    read.transaction(async (manager) => {
      await manager.query('select 1');
      await opened;
    }),
  );
  try {
    await expectAway(raise(node, id));
  } finally {
    release();
  }
  await Promise.all(holding);
  await works();
});

it('while the server takes no more connections, commands are refused as unavailable, and work again afterwards', async () => {
  const id = await open(node);
  await runSql(database.url, `alter role ${role} connection limit 0`);
  await runSql(database.url, `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role}'`);
  await eventually(() => expectAway(raise(node, id)));
  await runSql(database.url, `alter role ${role} connection limit -1`);
  await works();
});

it('a transaction of a node that hangs with the log locked is ended by the server, and appends go on', async () => {
  const { opened, open: release } = gate();
  const { opened: locked, open: hasLocked } = gate();
  const hanging = node.get(Databases).besideTheLog(async (manager) => {
    await manager.query('lock table leftfold_events in exclusive mode');
    hasLocked();
    await opened;
    await manager.query('select 1');
  });
  hanging.catch(() => undefined);
  try {
    await locked;
    await works();
  } finally {
    release();
  }
  await expectAway(hanging);
});

it('while another program has locked the log, commands are refused as unavailable, and queries are answered', async () => {
  const id = await open(node);
  const other = new Client({ connectionString: database.url });
  await other.connect();
  await other.query('begin');
  await other.query('lock table leftfold_events in exclusive mode');
  await expectAway(raise(node, id));
  expect(await node.queries.execute(new GetCounterQuery(id))).not.toBeUndefined();
  await other.end();
  await works();
});
