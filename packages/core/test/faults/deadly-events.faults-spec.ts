import { setTimeout as sleep } from 'node:timers/promises';
import { ALARM } from '../counters/counter-alarm.js';
import type { DatabaseKind } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { runSql } from '../support/stored-rows.js';
import { positionsOf } from './support/alarm-calls.js';
import { expectCaughtUp, expectInOrder, expectReplay } from './support/expect-subscriptions.js';
import { seedOf } from './support/seed.js';
import { Counting, START_LIMIT, VIEW } from './support/counting.js';
import type { ProcessSettings } from './support/counting-settings.js';

const LIMIT = 2;
/** The first process dies at an unknown event, so only later deaths are counted. */
const DEATHS = 1 + LIMIT;
const ATTEMPTS = 2;

/** In ms. A process that lives and loses its lease is not a death, but on a busy machine it hides one or adds one. */
const LEASE = 1_500;

/** A process that dies soon leaves other subscriptions little time; they must not be blamed for its death. */
const blaming = (deadly: 'view' | 'effect'): ProcessSettings => ({
  leaseTtl: LEASE,
  deaths: { view: 10, effect: 10, [deadly]: LIMIT },
});

let counting: Counting;
let positions: number[];
let deadly: number;

async function open(kind: DatabaseKind): Promise<void> {
  counting = await Counting.open(kind, seedOf(`deadly events, ${kind}`));
  positions = await counting.appendTogether(30);
  deadly = positions[10]!;
}

afterEach(() => counting.close());

// Deaths are counted by the same statements on both databases, for every kind of subscription.
describe('on postgres', () => {
  beforeEach(() => open('postgres'));

  it('an event whose side effect kills the process is parked, with the later events of its stream only', async () => {
    await counting.steer('abort-effect', deadly);
    const head = await counting.node.log.head();
    const isThere = async (): Promise<boolean> => (await counting.node.status(ALARM)).position === head;
    const deaths = await supervise(isThere, blaming('effect'));
    expect(deaths).toBe(DEATHS);

    const [letter, ...others] = await counting.node.deadLetters.list(undefined, 10);
    expect(others).toEqual([]);
    const { stream } = (await counting.calls('begun')).find(({ position }) => position === deadly)!;
    const behind = await eventsOf(stream, deadly);
    expect(letter).toMatchObject({
      subscription: ALARM,
      position: deadly,
      stream,
      attempts: LIMIT,
      error: `The process died ${LIMIT} times while it handled this event, or was blocked for longer than its lease.`,
      waiting: behind.length,
    });
    const handled = positions.filter((position) => position !== deadly && !behind.includes(position));
    const done = await counting.calls('done');
    expect(positionsOf(done)).toEqual(handled);
    expectInOrder(done);
    const parked = 1 + behind.length;
    expect(await counting.alarmState()).toMatchObject({ handled: handled.length, parked, position: head });
    await eventually(async () => expect(await counting.node.status(VIEW)).toMatchObject({ position: head }));
    await expectReplay(counting);

    await counting.release('abort-effect', deadly);
    await counting.node.deadLetters.retry(letter!.id);
    await expectCaughtUp(counting);
  });
});

describe('on sqlite', () => {
  beforeEach(() => open('sqlite'));

  it('a read model stops at an event that kills the process, and side effects continue', async () => {
    await counting.steer('abort-view', deadly);
    const settings = blaming('view');
    const deaths = await supervise(async () => (await counting.node.status()).state === 'stopped', settings);
    expect(deaths).toBe(DEATHS);

    const head = await counting.node.log.head();
    const died = `The process died ${LIMIT} times while it handled the event at position ${deadly} (counters.counter-raised), or was blocked for longer than its lease.`;
    expect(await counting.node.status()).toMatchObject({ position: deadly - 1, owner: null, lastError: died });
    expect(await counting.projected()).toEqual(await counting.replayed(deadly - 1));
    const handled = positions.length;
    await eventually(async () =>
      expect(await counting.node.status(ALARM)).toMatchObject({ position: head, handled, parked: 0 }),
    );

    // Another process takes over, and sees the count.
    const epoch = await viewEpoch();
    const another = await counting.spawn(settings);
    await eventually(async () => expect(await viewEpoch()).toBeGreaterThan(epoch), START_LIMIT);
    await eventually(async () =>
      expect(await counting.node.status()).toMatchObject({ state: 'stopped', owner: null, lastError: died }),
    );
    expect(another.isRunning).toBe(true);

    await counting.release('abort-view', deadly);
    await counting.node.subscriptions.resume(VIEW);
    await expectCaughtUp(counting);
  });

  it('a parked event that kills the process on a retry becomes a dead letter', async () => {
    await counting.steer('throw-then-abort-effect', deadly);
    const isDead = async (): Promise<boolean> =>
      (await counting.node.deadLetters.list(undefined, 10)).some(({ position }) => position === deadly);
    // The first attempt threw; the second killed the process.
    expect(await supervise(isDead, { ...blaming('effect'), attempts: ATTEMPTS })).toBe(1);
    const [letter, ...others] = await counting.node.deadLetters.list(undefined, 10);
    expect(others).toEqual([]);
    expect(letter).toMatchObject({
      attempts: ATTEMPTS,
      error: expect.stringMatching(
        /^This event was tried 2 times, and may be tried 2 times in all\. The last failure that is known: ./,
      ) as string,
    });
    const behind = await eventsOf(letter!.stream, deadly);
    const handled = positions.length - 1 - behind.length;
    await eventually(async () => expect(await counting.alarmState()).toMatchObject({ handled }));
    // The later events join it as the side effect reaches them.
    await eventually(async () =>
      expect(await counting.node.deadLetters.list(undefined, 10)).toMatchObject([{ waiting: behind.length }]),
    );

    await counting.release('throw-then-abort-effect', deadly);
    await counting.node.deadLetters.retry(letter!.id);
    await expectCaughtUp(counting);
  });
});

/** Restarts a process whenever it dies, until it has finished. Returns the number of deaths. */
async function supervise(isThere: () => Promise<boolean>, settings: ProcessSettings): Promise<number> {
  for (let deaths = 0; deaths < 10; deaths++) {
    const child = await counting.spawn(settings);
    while (child.isRunning) {
      if (await isThere()) return deaths;
      await sleep(50);
    }
    expect(await child.exited).toMatchObject({ signal: 'SIGABRT' });
  }
  throw new Error('It died ten times.');
}

async function viewEpoch(): Promise<number> {
  const [row] = await runSql(
    counting.database.viewsUrl,
    `select epoch from leftfold_read_models where name = '${VIEW}'`,
  );
  return Number(row!.epoch);
}

async function eventsOf(stream: string, after: number): Promise<number[]> {
  const found: number[] = [];
  for await (const { position } of counting.node.log.readStream(stream)) if (position > after) found.push(position);
  return found;
}
