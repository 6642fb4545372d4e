import { randomBytes, randomUUID } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { NewEvent } from '../src/event-log/event-log.js';
import { createTestDatabase, type TestDatabase } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { ALARM, alarm, CounterAlarm } from './counters/counter-alarm.js';
import { CounterNode } from './counters/counter-node.js';

/** Events of one append, each in a stream of its own. */
const TOGETHER = 250;
/** More than the tail of the log keeps in memory. */
const FIRST = 6_000;
const ALL = 18_000;
/** In bytes: so large that few events in memory are noticeable. */
const NOTE = 2_000;
const LEAST_FOR_EVENTS = (ALL - FIRST) * NOTE;
const ALLOWED = LEAST_FOR_EVENTS / 2;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('a handler that does not come back', () => {
  let database: TestDatabase;
  let node: CounterNode;
  let open: () => void = () => undefined;

  beforeAll(async () => {
    alarm.calls = [];
    database = await createTestDatabase('sqlite');
    node = await CounterNode.start(database, {}, { providers: [CounterAlarm] });
  });

  afterAll(async () => {
    alarm.before = () => undefined;
    open();
    await node.stop();
    await database.drop();
  });

  it('blocks no other subscription, and keeps no events in memory', async () => {
    const gate = new Promise<void>((resolve) => (open = resolve));
    alarm.before = () => gate;

    await appendUpTo(FIRST);
    const before = heapUsed();
    await appendUpTo(ALL);
    const grown = heapUsed() - before;

    expect(grown).toBeLessThan(ALLOWED);
    expect(await node.status(ALARM)).toMatchObject({ position: 0, handled: 0, state: 'catching-up', lag: ALL });
    expect(alarm.calls).toEqual([]);

    alarm.before = () => undefined;
    open();
    await eventually(async () => expect((await node.status(ALARM)).handled).toBeGreaterThan(TOGETHER * 4));
    const positions = alarm.calls.map(({ position }) => position);
    expect(positions).toEqual(positions.map((_, index) => index + 1));
  });

  /** Settles when the read model is at the head. */
  async function appendUpTo(total: number): Promise<void> {
    let head = await node.log.head();
    while (head < total) {
      const ids = Array.from({ length: 8 }, () => randomUUID()).slice(0, (total - head) / TOGETHER);
      await Promise.all(
        ids.map((counterId) => {
          const events: NewEvent[] = Array.from({ length: TOGETHER }, () => ({
            type: 'counters.counter-raised',
            data: { counterId, by: 1, note: randomBytes(NOTE / 2).toString('hex') },
          }));
          return node.log.append([{ stream: `counter-${counterId}`, expected: 'no-stream', events }]);
        }),
      );
      head = await node.log.head();
    }
    await eventually(async () => expect(await node.status()).toMatchObject({ position: total, state: 'live' }), 60_000);
  }
});

function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
