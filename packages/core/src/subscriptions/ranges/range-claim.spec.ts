import { ALL_PARTITIONS, PARTITIONS } from '../../event-log/partition.js';
import { claimRange, type Held, nextStep, type Spread } from './range-claim.js';
import { type SharingNode, shareOf } from './partition-range.js';
import { aheadOf, NO_PROGRESS, type RangeRow } from './range-row.js';

const NODES = ['a', 'b', 'c'];

/** Nodes by their names; `a:10` takes 10 partitions at most. */
const listed = (nodes: readonly string[]): SharingNode[] =>
  nodes.map((node) => {
    const [id, limit] = node.split(':') as [string, string?];
    return { id, limit: limit === undefined ? undefined : Number(limit) };
  });

function row(first: number, last: number, more: Partial<RangeRow> = {}): RangeRow {
  const { owner = null } = more;
  return {
    first,
    last,
    position: 10,
    done: [],
    owner,
    epoch: first,
    isFree: owner === null,
    progress: NO_PROGRESS,
    ...more,
  };
}

const split = (...ranges: RangeRow[]): Spread => ({
  whole: { position: 0, owner: 'split', isFree: false, attempts: 0, attemptPosition: null, restarts: 0 },
  ranges,
});
const whole = (owner: string | null, isFree = owner === null): Spread => ({
  whole: { position: 10, owner, isFree, attempts: 0, attemptPosition: null, restarts: 0 },
  ranges: [],
});

/** The rows after a claim, as `first-last:owner@position`. */
function after(spread: Spread, node: string, nodes: readonly string[]): string[] | string {
  const claim = claimRange(spread, node, listed(nodes), 2_000);
  if (claim.kind !== 'range') return claim.kind;
  return claim.ranges.map(({ first, last, owner, position }) => `${first}-${last}:${owner ?? 'free'}@${position}`);
}

it.each([1, 2, 3, 7, 1000, 1024])('divides all partitions evenly among %i nodes', (count) => {
  const nodes = Array.from({ length: count }, (_, index) => `n${index}`);
  const shares = nodes.map((node) => shareOf(node, listed(nodes))!);
  const sizes = shares.map(({ first, last }) => last - first + 1);

  expect(shares.map(({ first }) => first)).toEqual([0, ...shares.slice(0, -1).map(({ last }) => last + 1)]);
  expect(shares.at(-1)!.last).toBe(PARTITIONS - 1);
  expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
});

it.each([
  [['a:100'], ['0-99']],
  [
    ['a:100', 'b'],
    ['0-99', '100-1023'],
  ],
  [
    ['a:300', 'b', 'c:800'],
    ['0-299', '300-661', '662-1023'],
  ],
  // The limit of b is above the even part of three nodes, and below that of two.
  [
    ['a:100', 'b:400', 'c'],
    ['0-99', '100-499', '500-1023'],
  ],
  [
    ['a:100', 'b:100'],
    ['0-99', '100-199'],
  ],
])('leaves what is above the limits of %j to the others', (nodes, shares) => {
  const all = listed(nodes);
  const range = ({ id }: SharingNode) => shareOf(id, all)!;
  expect(all.map((node) => `${range(node).first}-${range(node).last}`)).toEqual(shares);
});

it.each<[string, Spread, string, readonly string[], string[] | string]>([
  ['is split on a single node with a limit', whole(null), 'a', ['a:1000'], ['0-999:a@10', '1000-1023:free@10']],
  ['runs as one on a single node', whole(null), 'a', ['a'], 'whole'],
  ['is split when there are two nodes', whole(null), 'b', ['a', 'b'], ['0-511:free@10', '512-1023:b@10']],
  ['stays as one while another node runs it', whole('a'), 'b', ['a', 'b'], 'nothing'],
  ['runs as one for a process that is no node', whole(null), 'x', [], 'whole'],
  ['gives a process that is no node nothing while there are nodes', split(row(0, 1023)), 'x', ['a'], 'nothing'],
  ['cuts a free range', split(row(0, 1023)), 'b', NODES, ['0-340:free@10', '341-681:b@10', '682-1023:free@10']],
  [
    'leaves what others hold',
    split(row(0, 511, { owner: 'a' }), row(512, 1023)),
    'b',
    NODES,
    ['0-511:a@10', '512-681:b@10', '682-1023:free@10'],
  ],
  [
    'gives back what is its own and outside of its share',
    split(row(0, 511, { owner: 'c' }), row(512, 1023, { owner: 'b' })),
    'c',
    NODES,
    ['0-511:free@10', '512-1023:b@10'],
  ],
  [
    'merges to one range at the lowest position',
    split(row(0, 99), row(100, 1023, { position: 30 })),
    'a',
    ['a'],
    ['0-1023:a@10'],
  ],
  ['runs as one again when all are equally far', split(row(0, 99), row(100, 1023)), 'a', ['a'], 'whole'],
])('a subscription %s', (_, spread, node, nodes, expected) => {
  expect(after(spread, node, nodes)).toEqual(expected);
});

it('keeps how far each partition is, through merges and cuts', () => {
  const merged = claimRange(
    split(row(0, 99), row(100, 599, { position: 30 }), row(600, 1023, { position: 20 })),
    'a',
    listed(['a']),
    7,
  );
  if (merged.kind !== 'range') throw new Error(merged.kind);
  expect(aheadOf(merged.claimed!)).toEqual([
    { first: 100, last: 599, position: 30 },
    { first: 600, last: 1023, position: 20 },
  ]);

  const moved = { ...merged.claimed!, position: 20, owner: null, isFree: true };
  const cut = claimRange(split(moved), 'b', listed(['a', 'b']), 8);
  if (cut.kind !== 'range') throw new Error(cut.kind);
  expect(cut.ranges.map((each) => aheadOf(each))).toEqual([
    [{ first: 100, last: 511, position: 30 }],
    [{ first: 512, last: 599, position: 30 }],
  ]);
});

it('suspects a poison event in a range whose owner did not release it, and keeps the sum of the counts', () => {
  const progress = { ...NO_PROGRESS, handled: 5, parked: 2 };
  const claim = claimRange(
    split(row(0, 1023, { owner: 'crashed', isFree: true, progress })),
    'b',
    listed(['a', 'b']),
    9,
  );
  if (claim.kind !== 'range') throw new Error(claim.kind);

  expect(claim.abandonedBy).toBe('crashed');
  expect(claim.claimed!.progress).toMatchObject({ attempts: 1, attemptPosition: 10 });
  expect(claim.ranges.map((each) => each.progress.handled)).toEqual([5, 0]);
  // The other half still says that its owner may have crashed.
  expect(claim.ranges[0]).toMatchObject({ owner: 'crashed', isFree: true });
  expect(new Set(claim.ranges.map(({ epoch }) => epoch)).size).toBe(2);
});

const HALF = { first: 0, last: 511 };

it.each<[string, Spread, readonly string[], Held, string]>([
  ['goes on alone as one', whole('a'), ['a'], 'whole', 'wait'],
  ['gives the whole back when it has a limit', whole('a'), ['a:512'], 'whole', 'give-back'],
  ['goes on within its limit', split(row(0, 511, { owner: 'a' }), row(512, 1023)), ['a:512'], HALF, 'wait'],
  ['takes all for a rebuild, whatever its limit', { ...whole('a'), isOne: true }, ['a:512', 'b'], 'whole', 'wait'],
  ['gives the whole back when a node joins', whole('a'), ['a', 'b'], 'whole', 'give-back'],
  ['claims what is free', whole(null), ['a'], undefined, 'claim'],
  ['waits for the whole', whole('b'), ['a', 'b'], undefined, 'wait'],
  ['goes on in its share', split(row(0, 511, { owner: 'a' }), row(512, 1023)), ['a', 'b'], HALF, 'wait'],
  ['gives back what is outside of its share', split(row(0, 511, { owner: 'a' })), NODES, HALF, 'give-back'],
  ['grows when a neighbour is free', split(row(0, 511, { owner: 'a' }), row(512, 1023)), ['a'], HALF, 'give-back'],
  ['waits for a neighbour', split(row(0, 511, { owner: 'a' }), row(512, 1023, { owner: 'b' })), ['a'], HALF, 'wait'],
  ['becomes one again when all are even', split(row(0, 1023, { owner: 'a' })), ['a'], ALL_PARTITIONS, 'give-back'],
  [
    'catches up before it becomes one again',
    split(row(0, 1023, { owner: 'a', done: [{ first: 0, last: 1, position: 11 }] })),
    ['a'],
    ALL_PARTITIONS,
    'wait',
  ],
  ['goes on when its sign of life came too late', split(row(0, 511, { owner: 'a' })), ['b'], HALF, 'wait'],
  [
    'claims a range that it holds and does not run',
    split(row(512, 1023, { owner: 'a' })),
    ['a', 'b'],
    undefined,
    'claim',
  ],
])('a node %s', (_, spread, nodes, held, step) => {
  expect(nextStep(spread, 'a', listed(nodes), held)).toBe(step);
});
