import { join } from 'node:path';
import { NatsModule } from '../src/index.js';
import type { CounterNode } from '../../core/test/counters/counter-node.js';
import { CounterNodes, open, raise, settled } from '../../core/test/counters/counter-nodes.js';
import { readUpTo } from '../../core/test/faults/support/projected.js';
import { eventually } from '../../core/test/support/eventually.js';
import { describeIf } from '../../core/test/support/skipping.js';
import { NatsCluster } from './support/nats-cluster.js';
import { NATS_SERVER, NO_NATS_SERVER } from './support/nats-server.js';
import { positionsIn, received } from './support/received.js';

const NAME = 'nats.publish';

describeIf(NATS_SERVER, NO_NATS_SERVER)('a cluster of three brokers', () => {
  let nodes: CounterNodes;
  let node: CounterNode;
  let cluster: NatsCluster;

  beforeAll(async () => {
    nodes = await CounterNodes.prepare('sqlite');
    cluster = await NatsCluster.start(join(nodes.database.folder, 'nats'));
    const relay = NatsModule.forRoot({
      servers: cluster.urls,
      stream: { replicas: 3 },
      timeout: 1_000,
      backoff: { first: 20, longest: 200 },
    });
    node = await nodes.start({}, { imports: [relay] });
  });

  afterAll(async () => {
    await nodes.drop();
    await cluster.stop();
  });

  it('takes every event once and in order, when the leader is killed while events are published', async () => {
    const ids = [await open(node), await open(node), await open(node)];
    await settled(node, { lastError: null }, NAME);
    const raised: number[] = [];
    const leader = { isKilled: false };
    const raising = (async () => {
      for (let n = 0; !leader.isKilled || n < 120; n++) raised.push(await raise(node, ids[n % 3]!));
    })();
    await eventually(async () => expect((await node.status(NAME)).position).toBeGreaterThan(30));
    await cluster.killLeaderOf('LEFTFOLD');
    leader.isKilled = true;
    await raising;

    await eventually(async () => {
      expect(await node.status(NAME)).toMatchObject({ position: await node.log.head(), parked: 0, lastError: null });
    }, 40_000);
    const messages = await eventually(() => received(cluster.urls));
    expect(messages).toHaveLength(3 + raised.length);
    const expected = await readUpTo(node.log, await node.log.head());
    for (const id of ids) {
      const stream = `counter-${id}`;
      expect(positionsIn(messages, stream)).toEqual(
        expected.filter((event) => event.stream === stream).map(({ position }) => position),
      );
    }
  });
});
