import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { jest } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { runSql } from './support/stored-rows.js';
import { ALARM, alarm, CounterAlarm } from './counters/counter-alarm.js';
import { CounterNode } from './counters/counter-node.js';
import { Interference } from './counters/counter-view.js';

/** Events of a batch of a side effect; one of a read model has up to twice as many. */
const BATCH = 500;
const BACKLOG = 3 * BATCH;
/** Events of one append, each in a stream of its own. */
const TOGETHER = 50;
/** After a crash of a process, this many events are delivered one at a time. */
const ONE_BY_ONE = 100;

// On PostgreSQL each query waits for I/O.
describe('a process that catches up on SQLite', () => {
  let database: TestDatabase;
  let writer: CounterNode;
  let worker: CounterNode | undefined;
  let handled: number;

  beforeEach(async () => {
    handled = 0;
    // Handles an event as if it took one ms, so that the result does not depend on the machine.
    const begun = performance.now();
    jest.spyOn(performance, 'now').mockImplementation(() => begun + handled);
    alarm.calls = [];
    alarm.before = () => void (handled += 1);
    database = await createTestDatabase('sqlite');
    writer = await CounterNode.start(database, { runSubscriptions: false }, { providers: [CounterAlarm] });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    alarm.before = () => undefined;
    await worker?.stop();
    await writer.stop();
    await database.drop();
  });

  // No query waits for I/O. A loop that never yields to the event loop delays heartbeats, requests and
  // signals.
  it('yields to the event loop between batches', async () => {
    await append(BACKLOG);
    // A batch of each of the two subscriptions.
    expect(await mostInATurn(BACKLOG)).toBeLessThanOrEqual(2 * BATCH);
  });

  it('yields to the event loop while it delivers one event at a time', async () => {
    await append(ONE_BY_ONE);
    await runSql(database.viewsUrl, `update leftfold_read_models set owner = 'somebody who died'`);
    await runSql(database.url, `update leftfold_subscriptions set owner = 'somebody who died'`);
    expect(await mostInATurn(ONE_BY_ONE)).toBeLessThan(ONE_BY_ONE / 2);
  });

  async function append(count: number): Promise<void> {
    for (let n = 0; n < count; n += TOGETHER) {
      const counterId = randomUUID();
      const raised = { type: 'counters.counter-raised', data: { counterId, by: 1 } };
      const events = Array.from({ length: TOGETHER }, () => raised);
      await writer.log.append([{ stream: `counter-${counterId}`, expected: 'no-stream', events }]);
    }
  }

  /** The most events handled without a turn of the event loop in between. */
  async function mostInATurn(position: number): Promise<number> {
    let most = 0;
    let before = 0;
    let going = true;
    const turn = (): void => {
      most = Math.max(most, handled - before);
      before = handled;
      if (going) setImmediate(turn);
    };
    turn();
    const counting = Object.assign(new Interference(), { run: () => void (handled += 1) });
    worker = await CounterNode.start(
      database,
      {},
      { providers: [CounterAlarm, { provide: Interference, useValue: counting }] },
    );
    await eventually(async () => {
      for (const name of [ALARM, 'counters.counter-view'])
        expect(await writer.status(name)).toMatchObject({ position });
    }, 45_000);
    turn();
    going = false;
    expect(handled).toBe(2 * position);
    return most;
  }
});
