import { EventLogUnavailableError } from '@leftfold/core';
import { Client } from 'pg';
import type { EventLog } from '../../src/event-log/event-log.js';
import { TailReader } from '../../src/conformance/tail-reader.js';
import { anEvent, aStream, toStream } from '../../src/conformance/samples.js';
import { type OpenLog, openLog } from '../event-log/open-log.js';
import { CounterNode } from '../counters/counter-node.js';
import { OpenCounterCommand } from '../counters/counter.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { runSql } from '../support/stored-rows.js';
import { seedOf } from './support/seed.js';

/** Ends the frozen append. In ms. */
const APPEND_LIMIT = 1_500;
/** Of the other node, in ms: its appends wait for the frozen one, and never come to an end of their own. */
const PATIENT_LIMIT = 30_000;
/** How long a frozen append waits without a cancel, in ms: longer than a test may take. */
const FREEZE = 60_000;
const READS = 10;
const TURNS = 10;
const FROZEN = 'samples-frozen';

let database: TestDatabase;
let sessions: Client[];

beforeEach(async () => {
  database = await createTestDatabase('postgres');
  sessions = [];
});

afterEach(async () => {
  for (const each of sessions) await each.end();
  await database.drop();
});

describe('while one append is frozen', () => {
  let node: OpenLog;
  let other: OpenLog;

  beforeEach(async () => {
    node = await openLog(database.url, { append: APPEND_LIMIT });
    other = await openLog(database.url, { append: PATIENT_LIMIT });
    await runSql(
      database.url,
      `create function sleep_long() returns trigger language plpgsql as
         $$ begin perform pg_sleep(${FREEZE / 1000}); return new; end $$;
       create trigger freezes before insert on leftfold_events for each row when (new.stream = '${FROZEN}')
         execute function sleep_long()`,
    );
  });

  afterEach(async () => {
    await node.close();
    await other.close();
  });

  it.each([1, 20])(
    'other appends wait for its limit at most: %i at a time',
    async (count) => {
      const frozen = appendFrozen();
      await eventually(async () => expect(await sleepers()).toHaveLength(1));

      const waits = [node, other].flatMap(({ log }) => Array.from({ length: count }, () => storeOne(log)));
      await Promise.all(waits);
      expect(await frozen).toBeInstanceOf(EventLogUnavailableError);
      await expectStored(waits.length);
    },
    FREEZE,
  );

  it(
    'readers don’t wait, on its node and on another one',
    async () => {
      await storeOne(node.log);
      // It has no limit that ends it while they read.
      const frozen = appendFrozen(other);
      await eventually(async () => expect(await sleepers()).toHaveLength(1));
      const waits = [storeOne(other.log)];

      for (let read = 0; read < READS; read++) {
        for (const { log } of [node, other]) {
          expect((await log.readAll({ after: 0, limit: 100 })).events).toHaveLength(1);
          expect(await log.head()).toBe(1);
        }
      }

      const [pid] = await sleepers();
      await runSql(database.url, `select pg_cancel_backend(${pid})`);
      expect(await frozen).toBeInstanceOf(EventLogUnavailableError);
      await Promise.all(waits);
      await expectStored(1 + waits.length);
    },
    FREEZE,
  );

  it(
    'concurrent appends are stored, in its batch and on another node, and later ones work as before',
    async () => {
      const seed = seedOf('frozen append, amid its batch');
      const others = Array.from({ length: 40 }, (_, at) => () => storeOne((at % 4 ? node : other).log));
      const place = seed.between(0, others.length);

      const started = [...others.slice(0, place), appendFrozen, ...others.slice(place)].map((start) => start());

      const outcomes = await Promise.all(started);
      expect(outcomes[place]).toBeInstanceOf(EventLogUnavailableError);
      seed.print(`${place} before it and ${others.length - place} behind it`);
      await expectStored(others.length);

      await runSql(database.url, 'drop trigger freezes on leftfold_events');
      await Promise.all([storeOne(node.log), storeOne(other.log), node.log.append(toStream(FROZEN, anEvent()))]);
      await expectStored(others.length + 3);
    },
    FREEZE,
  );

  function appendFrozen({ log } = node): Promise<unknown> {
    return log.append(toStream(FROZEN, anEvent())).catch((error: unknown) => error);
  }

  /** Processes of the server with a frozen append. */
  async function sleepers(): Promise<number[]> {
    const found = await runSql(
      database.url,
      `select pid from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`,
    );
    return found.map(({ pid }) => Number(pid));
  }

  async function expectStored(events: number): Promise<void> {
    const reader = new TailReader(other.log, 0);
    await reader.run(() => true);
    expect(reader.events.map(({ position }) => position)).toEqual(Array.from({ length: events }, (_, at) => at + 1));
  }
});

describe('a transaction that hangs', () => {
  let node: CounterNode;

  beforeEach(async () => {
    node = await CounterNode.start(database);
  });

  afterEach(() => node.stop());

  it.each([
    ['in another database of the cluster', [`insert into notes values ('unfinished')`]],
    [
      'in the same database, where it wrote to other tables and read the log,',
      [
        `insert into notes values ('unfinished')`,
        'select count(*) from leftfold_events',
        'select pg_current_xact_id()',
      ],
    ],
  ])('%s delays no command and no subscription', async (where, statements) => {
    const elsewhere = where.startsWith('in another') ? await createTestDatabase('postgres') : undefined;
    await hang((elsewhere ?? database).url, 'create table notes (body text)', ...statements);
    try {
      for (let turn = 0; turn < TURNS; turn++) {
        await node.commands.execute(new OpenCounterCommand(`${turn}`, `${turn}`));
      }
      const reader = new TailReader(node.log, 0);
      await reader.run(() => true);
      expect(reader.events).toHaveLength(TURNS);
      const followed = { state: 'live', handled: TURNS, lag: 0 };
      await eventually(async () => expect(await node.status()).toMatchObject(followed));
    } finally {
      await sessions.pop()!.end();
      await elsewhere?.drop();
    }
  });

  /** Begins a transaction, and leaves it open until the end of the test. */
  async function hang(url: string, ...statements: string[]): Promise<void> {
    const session = new Client({ connectionString: url });
    sessions.push(session);
    await session.connect();
    const [create, ...work] = statements;
    await session.query(create!);
    await session.query('begin isolation level repeatable read');
    for (const statement of work) await session.query(statement);
  }
});

async function storeOne(log: EventLog): Promise<void> {
  await log.append(toStream(aStream(), anEvent()));
}
