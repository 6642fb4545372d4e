import { Logger } from '@nestjs/common';
import { LiveNodes } from '../../src/index.js';
import { Nodes } from '../../src/subscriptions/ranges/nodes.js';
import type { CounterNode } from '../counters/counter-node.js';
import { CounterNodes, settled } from '../counters/counter-nodes.js';
import { LEVELLING, LEVELLING_PROVIDERS } from '../counters/counter-saga.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../support/eventually.js';

const ALL = { subscription: LEVELLING, from: 0, to: 1023 };
const listed = (node: CounterNode) => node.get(LiveNodes).list();

describe.each(DATABASE_KINDS)('the nodes that are alive on %s', (kind) => {
  let nodes: CounterNodes;
  let first: CounterNode;
  const before = Date.now();

  beforeAll(async () => {
    nodes = await CounterNodes.prepare(kind, { providers: LEVELLING_PROVIDERS });
    first = await nodes.start({ node: { name: 'one', version: '1.2.3' } });
    await settled(first, { owner: first.get(LiveNodes).self });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await nodes.calm(first);
  });
  afterAll(() => nodes.drop());

  it('are listed with what they run, and without it when they run nothing', async () => {
    await nodes.start({ node: { name: 'two' }, runSubscriptions: false });

    const [one, two, ...others] = await listed(first);

    expect(others).toEqual([]);
    expect(one).toMatchObject({ version: '1.2.3', roles: ['api', 'worker'] });
    expect(one!.id).toMatch(/^one\/[0-9a-f]{8}$/);
    expect(one!.ranges).toContainEqual(ALL);
    expect(one!.startedAt.getTime()).toBeGreaterThan(before - 60_000);
    expect(one!.lastSeen.getTime()).toBeGreaterThanOrEqual(one!.startedAt.getTime());
    expect(two).toMatchObject({ roles: ['api'], version: null, ranges: [] });
    expect(two!.id).toMatch(/^two\//);
  });

  it('are no longer listed when they end in order, or give no sign of life', async () => {
    const gone = await nodes.start({ runSubscriptions: false });
    await nodes.sql(`insert into leftfold_nodes (id, subscriptions, started_at, seen_at, expires_at)
                     values ('crashed', '[]', 1, 1, 1)`);
    expect(await listed(first)).toHaveLength(2);

    await nodes.stop(gone);

    expect(await listed(first)).toHaveLength(1);
  });

  it('include those of an earlier version, which tell only that they live', async () => {
    // The row as that version writes it.
    await nodes.sql(`insert into leftfold_nodes (id, subscriptions, started_at, seen_at, expires_at)
                     select 'earlier', '[]', started_at, seen_at, expires_at from leftfold_nodes where id like 'one/%'`);

    expect(await listed(first)).toContainEqual(expect.objectContaining({ id: 'earlier', roles: null, version: null }));

    await nodes.sql(`delete from leftfold_nodes where id = 'earlier'`);
  });

  it('are told apart when two have one name, and the older one warns', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    const start = () => nodes.start({ node: { name: 'twin' }, runSubscriptions: false });
    const [older, newer] = [await start(), await start()];
    const [one, other] = [older, newer].map((each) => each.get(LiveNodes).self) as [string, string];

    // By hand, because their leases are long: they are listed, however long the next lines take.
    await newer.get(Nodes).beat([]);
    expect(warn).not.toHaveBeenCalled();
    await older.get(Nodes).beat([]);

    const ids = (await listed(first)).map(({ id }) => id).filter((id) => id.startsWith('twin/'));
    expect(new Set(ids)).toEqual(new Set([one, other]));
    expect(one).not.toBe(other);
    expect(warn.mock.calls).toEqual([
      [expect.stringContaining(`The node ${other} has the same name as this one, ${one}.`)],
    ]);
  });
});

describe('a node with a limit of partitions on PostgreSQL', () => {
  let nodes: CounterNodes;

  beforeAll(async () => {
    nodes = await CounterNodes.prepare('postgres', { providers: LEVELLING_PROVIDERS });
  });

  afterAll(() => nodes.drop());

  it('leaves what is above it free and reported, until another node takes it', async () => {
    const limited = await nodes.start({ node: { name: 'small', partitions: 100 } });
    const rangesOf = async () =>
      (await limited.status(LEVELLING)).ranges.map(({ from, to, owner }) => [from, to, owner]);
    const { id } = (await listed(limited))[0]!;
    await eventually(async () => {
      expect(await rangesOf()).toEqual([
        [0, 99, id],
        [100, 1023, null],
      ]);
      expect((await limited.status(LEVELLING)).unattendedFor).toBeGreaterThan(0);
    });

    await nodes.start({ node: { name: 'large' } });

    await eventually(async () => {
      expect(await rangesOf()).toEqual([
        [0, 99, id],
        [100, 1023, expect.stringMatching(/^large\//)],
      ]);
      expect(await limited.status(LEVELLING)).toMatchObject({ unattendedFor: 0 });
    });
    expect(
      (await listed(limited)).map(({ ranges }) => ranges.filter(({ subscription }) => subscription === LEVELLING)),
    ).toEqual([[{ subscription: LEVELLING, from: 100, to: 1023 }], [{ subscription: LEVELLING, from: 0, to: 99 }]]);
  });
});
