import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DomainEvent, EventSourcingModule } from '@leftfold/core';
import type { CounterNode } from '../../core/test/counters/counter-node.js';
import { CounterNodes } from '../../core/test/counters/counter-nodes.js';
import { eventually } from '../../core/test/support/eventually.js';
import { describeIf } from '../../core/test/support/skipping.js';
import { NatsModule } from '../src/index.js';
import { NATS_SERVER, NatsServer, NO_NATS_SERVER } from './support/nats-server.js';
import { positionsIn, received } from './support/received.js';

const NAME = 'nats.publish';
const TYPE = 'bulk.item-added';
const STREAMS = Array.from({ length: 60 }, (_, index) => `bulk-${index}`);
const ROUNDS = 10;
/** Events of each stream in a round: 10,200 in all. */
const EACH = 17;
/** How often the heap is measured while the broker gets the events. */
const PARTS = 4;
/** Bytes of an event. Kept in memory, all of them take 37 MB. */
const SIZE = 2_000;
/**
 * The most that the heap may grow, in bytes. It grows by 12 MB while the broker is away, and by up to 21 MB while it gets batches
 * of 500 events; with all events in memory it would grow by 37 MB more than that.
 */
const MOST = 30_000_000;

@DomainEvent(TYPE)
class ItemAdded {
  declare readonly type: 'bulk.item-added';
  constructor(readonly text: string) {}
}

describeIf(NATS_SERVER, NO_NATS_SERVER)('a broker that is away for long', () => {
  let nodes: CounterNodes;
  let node: CounterNode;
  let server: NatsServer;

  beforeAll(async () => {
    nodes = await CounterNodes.prepare('sqlite');
    const folder = join(nodes.database.folder, 'nats');
    await mkdir(folder);
    server = await NatsServer.start(folder);
    const relay = NatsModule.forRoot({ servers: server.url, timeout: 2_000, backoff: { first: 10, longest: 50 } });
    node = await nodes.start({}, { imports: [EventSourcingModule.forFeature({ events: [ItemAdded] }), relay] });
  });

  afterAll(async () => {
    await nodes.drop();
    await server.kill();
  });

  it('gets every event in order afterwards, and costs no memory meanwhile', async () => {
    await append(0, 1);
    await caughtUp();
    await server.kill();
    const before = heap();
    const growth: number[] = [];

    for (let round = 0; round < ROUNDS; round++) {
      await append(1 + round * EACH, EACH);
    }
    await eventually(async () => expect((await node.status(NAME)).lastError).toMatch('NATS takes no events'));
    growth.push(heap() - before);
    expect(await node.status(NAME)).toMatchObject({ position: STREAMS.length, parked: 0 });
    await server.start();
    const head = await node.log.head();
    for (let part = 1; part <= PARTS; part++) {
      await eventually(async () => {
        expect((await node.status(NAME)).position).toBeGreaterThanOrEqual((head * part) / PARTS);
      }, 30_000);
      growth.push(heap() - before);
    }

    expect(Math.max(...growth)).toBeLessThan(MOST);
    await caughtUp();
    const messages = await received(server.url);
    expect(messages).toHaveLength(STREAMS.length * (1 + ROUNDS * EACH));
    for (const stream of STREAMS) {
      const positions: number[] = [];
      for await (const { position } of node.log.readStream(stream)) positions.push(position);
      expect(positionsIn(messages, stream)).toEqual(positions);
    }
  });

  /** Appends that many events to each stream, at this version. */
  async function append(version: number, count: number): Promise<void> {
    const data = { text: 'x'.repeat(SIZE) };
    const events = Array.from({ length: count }, () => ({ type: TYPE, schemaVersion: 1, data }));
    const expected = version === 0 ? 'no-stream' : version;
    await node.log.append(STREAMS.map((stream) => ({ stream, expected, events })));
  }

  async function caughtUp(): Promise<void> {
    const position = await node.log.head();
    await eventually(async () =>
      expect(await node.status(NAME)).toMatchObject({ position, parked: 0, lastError: null }),
    );
  }
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes that the process can't do without. */
function heap(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
