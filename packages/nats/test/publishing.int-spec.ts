import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { NatsModule, Republication } from '../src/index.js';
import type { CounterNode } from '../../core/test/counters/counter-node.js';
import { CounterNodes, lettersOf, open, raise, settled } from '../../core/test/counters/counter-nodes.js';
import { eventually } from '../../core/test/support/eventually.js';
import { describeIf } from '../../core/test/support/skipping.js';
import { MAX_PAYLOAD, NATS_SERVER, NatsServer, NO_NATS_SERVER } from './support/nats-server.js';
import { positionsIn, received } from './support/received.js';

const NAME = 'nats.publish';

/** The kernel hands events to the relay in the same way on every database, so one is enough. */
describeIf(NATS_SERVER, NO_NATS_SERVER)('events that are published to NATS', () => {
  let nodes: CounterNodes;
  let node: CounterNode;
  let server: NatsServer;

  beforeAll(async () => {
    nodes = await CounterNodes.prepare('sqlite');
    const folder = join(nodes.database.folder, 'nats');
    await mkdir(folder);
    server = await NatsServer.start(folder);
    const relay = NatsModule.forRoot({
      servers: server.url,
      categories: ['counter'],
      timeout: 1_000,
      backoff: { first: 10, longest: 50 },
    });
    node = await nodes.start({}, { imports: [relay] });
  });

  afterAll(async () => {
    await nodes.drop();
    await server.kill();
  });

  it('are CloudEvents, one message each, in order per stream', async () => {
    const ids = [await open(node), await open(node), await open(node)];
    const positions = await Promise.all(Array.from({ length: 60 }, (_, n) => raise(node, ids[n % 3]!)));
    await settled(node, { parked: 0, lastError: null }, NAME);

    const messages = await received(server.url);
    const events = (await node.log.readAll({ after: 0, limit: 100 })).events;
    expect(messages).toHaveLength(events.length);
    expect(new Set(messages.map(({ messageId }) => messageId))).toEqual(new Set(events.map(({ eventId }) => eventId)));
    for (const [index, id] of ids.entries()) {
      const of = positionsIn(messages, `counter-${id}`);
      expect(of.slice(1)).toEqual(positions.filter((_, n) => n % 3 === index).toSorted((a, b) => a - b));
    }
    const [first] = messages.filter(({ event }) => event.subject === `counter-${ids[0]!}`);
    expect(first).toMatchObject({
      subject: `leftfold.counter.${ids[0]!}`,
      contentType: 'application/cloudevents+json',
      event: { specversion: '1.0', source: '/leftfold', type: 'counters.counter-opened', streamversion: 1 },
    });
    expect(first!.event.id).toBe(first!.messageId);
  });

  it('wait for a broker that is killed or hangs, in order, and none is parked', async () => {
    const ids = [await open(node), await open(node)];
    await settled(node, {}, NAME);
    const sent: number[] = [];
    for (const outage of ['killed', 'frozen']) {
      if (outage === 'killed') await server.kill();
      else await server.freeze();
      const { position } = await node.status(NAME);
      for (let n = 0; n < 10; n++) sent.push(await raise(node, ids[n % 2]!));
      await eventually(async () => {
        const { lastError, ...status } = await node.status(NAME);
        expect(lastError).toMatch('NATS takes no events at the moment');
        expect(status).toMatchObject({ parked: 0, position });
      });
      if (outage === 'killed') await server.start();
      else server.thaw();
      await settled(node, { parked: 0, lastError: null }, NAME);
    }

    const messages = await received(server.url);
    for (const [index, id] of ids.entries()) {
      const [, ...raised] = positionsIn(messages, `counter-${id}`);
      expect(raised).toEqual(sent.filter((_, n) => n % 2 === index));
    }
  });

  it('are parked with the later ones of their stream when the broker takes none of that size', async () => {
    const data = { counterId: 'large', name: 'x'.repeat(MAX_PAYLOAD) };
    const other = await open(node);
    await node.log.append([
      {
        stream: 'counter-large',
        expected: 'no-stream',
        events: [{ type: 'counters.counter-opened', schemaVersion: 1, data }],
      },
    ]);
    const [letter] = await lettersOf(node, 1);
    expect(letter).toMatchObject({ subscription: NAME, stream: 'counter-large' });
    expect(letter!.error).toMatch('The event is larger than the broker takes.');
    await raise(node, other);
    await settled(node, { parked: 1 }, NAME);
    await node.deadLetters.discard(letter!.id);
    await settled(node, { parked: 0 }, NAME);
  });

  it('are published again from a position on, up to the checkpoint', async () => {
    const id = await open(node);
    await settled(node, {}, NAME);
    const { position } = await node.status(NAME);
    const before = (await received(server.url)).length;
    let steps: number[] = [];
    // It gives up when the broker takes longer than the time limit, as on a busy machine, and says that it can be repeated.
    const done = await eventually(() => {
      steps = [];
      return node.get(Republication).run({ from: position, onProgress: (reached) => steps.push(reached) });
    });
    expect({ done, steps }).toEqual({ done: { from: position, to: position, events: 1 }, steps: [position] });
    // The stream knows it already, by its message id.
    const after = await received(server.url);
    expect(after).toHaveLength(before);
    expect(positionsIn(after, `counter-${id}`)).toEqual([position]);
  });
});
