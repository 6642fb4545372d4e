import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { EventLogUnavailableError } from '../../src/event-sourcing/index.js';
import type { EventLog } from '../../src/event-sourcing/event-log/event-log.js';
import { TailReader } from '../../src/event-sourcing/testing/event-log/tail-reader.js';
import { anEvent, aStream, toStream } from '../../src/event-sourcing/testing/event-log/samples.js';
import { type OpenLog, openLog } from '../event-log/open-log.js';
import { CounterNode } from '../kernel/counters/counter-node.js';
import { OpenCounterCommand } from '../kernel/counters/counter.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { runSql } from '../support/stored-rows.js';
import { seedOf } from './support/seed.js';

/** As append-connection.ts has it, in ms. */
const STATEMENT_TIMEOUT = 5_000;
/** The second try of the frozen append, and the pace of a busy machine. */
const SLACK = 4_000;
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
    node = await openLog(database.url);
    other = await openLog(database.url);
    await runSql(
      database.url,
      `create function sleep_long() returns trigger language plpgsql as
         $$ begin perform pg_sleep(60); return new; end $$;
       create trigger freezes before insert on events for each row when (new.stream = '${FROZEN}')
         execute function sleep_long()`,
    );
  });

  afterEach(async () => {
    await node.close();
    await other.close();
  });

  it.each([1, 20])(
    'others wait at most for the statement timeout, and readers for nothing: %i at a time',
    async (count) => {
      const seed = seedOf(`frozen append, ${count} others on each of two nodes`);
      await node.log.append(toStream(aStream(), anEvent()));
      const frozen = appendFrozen();
      await eventually(async () => expect(await sleepers()).toBe(1));
      const readers = [node, other].map(({ log }) => readWhile(log, frozen));

      const waits = await Promise.all(
        [node, other].flatMap(({ log }) => Array.from({ length: count }, () => timed(() => storeOne(log)))),
      );

      expect(await frozen).toBeInstanceOf(EventLogUnavailableError);
      expect(Math.max(...waits)).toBeLessThan(STATEMENT_TIMEOUT + SLACK);
      const reads = (await Promise.all(readers)).flat();
      seed.print(
        `longest wait of ${waits.length} appends ${Math.max(...waits)} ms, longest of ${reads.length} reads ` +
          `${Math.max(...reads)} ms`,
      );
      expect(reads.length).toBeGreaterThan(100);
      expect(Math.max(...reads)).toBeLessThan(STATEMENT_TIMEOUT / 2);
      await expectStored(1 + waits.length);
    },
    30_000,
  );

  it('others that begin in the same moment are stored, in its batch and on another node', async () => {
    const seed = seedOf('frozen append, amid its batch');
    const others = Array.from({ length: 40 }, (_, at) => () => timed(() => storeOne((at % 4 ? node : other).log)));
    const place = seed.between(0, others.length);

    const started = [...others.slice(0, place), appendFrozen, ...others.slice(place)].map((start) => start());

    const outcomes = await Promise.all(started);
    expect(outcomes[place]).toBeInstanceOf(EventLogUnavailableError);
    const waits = outcomes.filter((each) => typeof each === 'number');
    seed.print(`${place} before it and ${others.length - place} behind it, longest wait ${Math.max(...waits)} ms`);
    expect(waits).toHaveLength(others.length);
    expect(Math.max(...waits)).toBeLessThan(STATEMENT_TIMEOUT + SLACK);
    await expectStored(others.length);
  }, 30_000);

  it('others go on as before once it is over', async () => {
    const seed = seedOf('frozen append, over');
    expect(await appendFrozen()).toBeInstanceOf(EventLogUnavailableError);
    await runSql(database.url, 'drop trigger freezes on events');

    const waits = [await timed(() => storeOne(node.log)), await timed(() => storeOne(other.log))];
    await node.log.append(toStream(FROZEN, anEvent()));

    seed.print(`appends after it took ${waits.join(' and ')} ms`);
    expect(Math.max(...waits)).toBeLessThan(STATEMENT_TIMEOUT / 2);
    await expectStored(3);
  }, 30_000);

  function appendFrozen(): Promise<unknown> {
    return node.log.append(toStream(FROZEN, anEvent())).catch((error: unknown) => error);
  }

  async function sleepers(): Promise<number> {
    const found = await runSql(
      database.url,
      `select 1 from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`,
    );
    return found.length;
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

  it('in another database of the cluster stalls nobody', async () => {
    const elsewhere = await createTestDatabase('postgres');
    try {
      await hang(elsewhere.url, 'create table notes (body text)', `insert into notes values ('unfinished')`);
      await expectNobodyStalls('a write transaction hangs in another database');
    } finally {
      await sessions.pop()!.end();
      await elsewhere.drop();
    }
  });

  it('in the same database, where it wrote to other tables and read the log, stalls nobody', async () => {
    await hang(
      database.url,
      'create table notes (body text)',
      `insert into notes values ('unfinished')`,
      'select count(*) from events',
      'select pg_current_xact_id()',
    );
    await expectNobodyStalls('a transaction that wrote to another table is idle');
  });

  /** Begins a transaction, and leaves it open until the test is over. */
  async function hang(url: string, ...statements: string[]): Promise<void> {
    const session = new Client({ connectionString: url });
    sessions.push(session);
    await session.connect();
    const [create, ...work] = statements;
    await session.query(create!);
    await session.query('begin isolation level repeatable read');
    for (const statement of work) await session.query(statement);
  }

  async function expectNobodyStalls(what: string): Promise<void> {
    const seed = seedOf(what);
    const waits: number[] = [];
    for (let turn = 0; turn < 20; turn++) {
      const id = `${turn}`;
      waits.push(await timed(() => node.commands.execute(new OpenCounterCommand(id, id))));
    }
    const reader = new TailReader(node.log, 0);
    await reader.run(() => true);
    expect(reader.events).toHaveLength(20);
    await eventually(async () => expect(await node.status()).toMatchObject({ state: 'live', handled: 20, lag: 0 }));
    seed.print(`20 commands, the longest took ${Math.max(...waits)} ms`);
    expect(Math.max(...waits)).toBeLessThan(STATEMENT_TIMEOUT / 2);
  }
});

/** Reads without a pause until something is over; answers how long each read took, in ms. */
async function readWhile(log: EventLog, ending: Promise<unknown>): Promise<number[]> {
  const durations: number[] = [];
  const over = new AbortController();
  void ending.then(() => over.abort());
  while (!over.signal.aborted) {
    durations.push(await timed(() => log.readAll({ after: 0, limit: 100 })));
    durations.push(await timed(() => log.head()));
    await sleep(2);
  }
  return durations;
}

async function storeOne(log: EventLog): Promise<void> {
  await log.append(toStream(aStream(), anEvent()));
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = Date.now();
  await work();
  return Date.now() - start;
}
