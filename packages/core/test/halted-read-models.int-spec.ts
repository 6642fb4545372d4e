import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';
import type { CounterNode } from './counters/counter-node.js';
import { CounterNodes, gate, open, pause, raise, settled } from './counters/counter-nodes.js';
import type { CounterRaised } from './counters/counter.js';
import { TALLY, tallies } from './counters/tally-projection.js';

/** Runs before the second read model counts. */
const tallying: { before: (event: CounterRaised) => Promise<void> | void; weight: (by: number) => number } = {
  before: () => undefined,
  weight: () => 1,
};

const TALLIES = tallies({
  weigh: async (event) => {
    await tallying.before(event as CounterRaised);
    return tallying.weight((event as CounterRaised).by);
  },
});

describe.each(DATABASE_KINDS)('a read model on %s', (kind) => {
  let nodes: CounterNodes;
  let node: CounterNode;
  let id: string;

  const start = () => nodes.start({ leaseTtl: 2_000 });
  const raises = async (): Promise<number> =>
    Number((await nodes.viewsSql(`select raises from tally where counter_id = '${id}'`))[0]?.raises ?? 0);

  beforeAll(async () => {
    nodes = await CounterNodes.prepare(kind, TALLIES);
    node = await start();
  });

  beforeEach(async () => {
    tallying.before = () => undefined;
    tallying.weight = () => 1;
    node.interference.run = () => undefined;
    id = await open(node);
    await settled(node, { state: 'live' }, TALLY);
  });

  afterAll(() => nodes.drop());

  it("tries each event alone when a batch can't be stored, and stops at the one at fault", async () => {
    const held = gate();
    const weights: number[] = [];
    tallying.before = async ({ by }) => {
      await held.opened;
      weights.push(by);
    };
    tallying.weight = (by) => (by === 13 ? 1_000_000 : 1);
    for (let by = 1; by <= 12; by++) await raise(node, id, by);
    const bad = await raise(node, id, 13);
    for (let by = 14; by <= 40; by++) await raise(node, id, by);
    held.open();
    await eventually(async () => expect(await node.status(TALLY)).toMatchObject({ state: 'stopped' }));
    expect(await node.status(TALLY)).toMatchObject({ position: bad - 1 });
    // At most the batch, each event before the bad one alone, and the attempts at that one.
    expect(weights.length).toBeLessThanOrEqual(40 + 12 + 3 + 1);

    tallying.weight = () => 1;
    await node.subscriptions.resume(TALLY);
    await settled(node, { state: 'live' }, TALLY);
    expect(await raises()).toBe(40);
  });

  it('stops at the failing event after its attempts, while others continue', async () => {
    const { handled } = await node.status(TALLY);
    const held = gate();
    let attempts = 0;
    tallying.before = async ({ by }) => {
      // All of them are in one batch.
      await held.opened;
      if (by !== 13) return;
      attempts += 1;
      throw new Error('thirteen');
    };
    for (const by of [1, 2, 3]) await raise(node, id, by);
    const bad = await raise(node, id, 13);
    const last = await raise(node, id, 5);
    held.open();
    await eventually(async () => expect(await node.status(TALLY)).toMatchObject({ state: 'stopped' }));
    expect(await node.status(TALLY)).toMatchObject({
      position: bad - 1,
      lag: last - bad + 1,
      handled: handled + 3,
      owner: null,
      lastError: `thirteen (counters.counter-raised at position ${bad})`,
    });
    expect(attempts).toBe(3);
    expect(await raises()).toBe(3);
    await eventually(async () => expect(await node.status()).toMatchObject({ state: 'live', position: last }));

    tallying.before = () => undefined;
    await node.subscriptions.resume(TALLY);
    await settled(node, { state: 'live', handled: handled + 5, lastError: null }, TALLY);
    expect(await raises()).toBe(5);
  });

  it('shows the error during retries, and clears it on success', async () => {
    const { handled } = await node.status(TALLY);
    const seen: (string | null)[] = [];
    tallying.before = async () => {
      seen.push((await node.status(TALLY)).lastError);
      if (seen.length <= 2) throw new Error(`failure ${seen.length}`);
    };
    const position = await raise(node, id);
    await settled(node, { state: 'live', lastError: null, handled: handled + 1 }, TALLY);
    const at = `(counters.counter-raised at position ${position})`;
    expect(seen).toEqual([null, `failure 1 ${at}`, `failure 2 ${at}`]);
  });

  it('stays paused, even over a restart, until it is resumed', async () => {
    const position = await raise(node, id);
    await settled(node, {}, TALLY);
    for (let times = 0; times < 2; times++) await pause(node, TALLY);
    await raise(node, id);
    await settled(node, {}, 'counters.counter-view');
    expect(await raises()).toBe(1);

    await nodes.stop(node);
    node = await start();
    const head = await raise(node, id);
    await settled(node, {}, 'counters.counter-view');
    expect(await node.status(TALLY)).toMatchObject({ state: 'paused', position, lag: head - position, owner: null });
    for (let times = 0; times < 2; times++) await node.subscriptions.resume(TALLY);
    await settled(node, { state: 'live' }, TALLY);
    expect(await raises()).toBe(3);
  });

  it('holds back no other when it is slow', async () => {
    const held = gate();
    node.interference.run = () => held.opened;
    const position = await raise(node, id);
    await settled(node, {}, TALLY);
    expect((await node.status()).position).toBeLessThan(position);
    held.open();
    await settled(node, { state: 'live' }, 'counters.counter-view');
  });

  it('is not found under an unknown name', async () => {
    for (const ask of ['get', 'pause', 'resume', 'rebuild'] as const) {
      await expect(node.subscriptions[ask]('nobody.has-it')).rejects.toMatchObject({
        code: 'subscription-not-found',
      });
    }
  });
});
