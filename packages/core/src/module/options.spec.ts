import { resolveOptions } from './options.js';

const url = 'postgres://localhost/shop';

it.each([3, 10])('takes pools of %d connections', (connections) => {
  expect(resolveOptions({ url, databaseLimits: { connections } }).databaseLimits).toEqual({ connections });
});

it.each([0, 2, 3.5, Number.NaN])('refuses pools of %d connections', (connections) => {
  expect(() => resolveOptions({ url, databaseLimits: { connections } })).toThrow(
    `databaseLimits.connections is ${connections}. Each pool needs 3 connections or more, as a whole number.`,
  );
});

it.each([
  { url: 'sqlite:./x.sqlite', viewsReplicaUrls: [url] },
  { url, viewsUrl: 'sqlite:./x.sqlite', viewsReplicaUrls: [url] },
  { url, viewsReplicaUrls: ['sqlite:./x.sqlite'] },
])('refuses replicas of or in a SQLite file: %j', (options) => {
  expect(() => resolveOptions(options)).toThrow(/"viewsReplicaUrls".*needs PostgreSQL.*Leave the option out/);
});

it('takes no memory for aggregates with 0', () => {
  expect(resolveOptions({ url, aggregateMemory: 0 }).aggregateMemory).toBe(0);
});

it.each([-1, 0.5, Number.NaN])('refuses %d bytes for aggregates', (aggregateMemory) => {
  expect(() => resolveOptions({ url, aggregateMemory })).toThrow(
    `aggregateMemory is ${aggregateMemory}. Give a whole number of bytes, or 0 to keep no events in memory.`,
  );
});

it.each([
  ...[Number.NaN, 0, -1, 1.5, Infinity].map(
    (size) => [{ eventSizeLimit: size }, `eventSizeLimit is ${size}. Give a whole number of bytes above 0.`] as const,
  ),
  ...[Number.NaN, -1, 1.5].map(
    (every) =>
      [
        { snapshotEvery: every },
        `snapshotEvery is ${every}. Give a whole number of events, or 0 to take no snapshots.`,
      ] as const,
  ),
  ...[Number.NaN, -5, Infinity].map(
    (wait) => [{ readWaitLimit: wait }, `readWaitLimit is ${wait} ms. Give a time from 0 to 2147483647 ms.`] as const,
  ),
  [{ unstorableText: 'x' as 'refuse' }, 'unstorableText is "x". Give "replace" or "refuse".'] as const,
])('refuses %j', (options, message) => {
  expect(() => resolveOptions({ url, ...options })).toThrow(message);
});

it('takes no snapshots, and no waiting, with 0', () => {
  expect(resolveOptions({ url, snapshotEvery: 0, readWaitLimit: 0 })).toMatchObject({
    snapshotEvery: 0,
    readWaitLimit: 0,
  });
});

it.each([
  [{ name: 'a/b' }, 'node.name is "a/b"'],
  [{ name: '' }, 'node.name is ""'],
  [{ partitions: 0 }, 'node.partitions is 0'],
  [{ partitions: 1025 }, 'node.partitions is 1025'],
  [{ partitions: 1.5 }, 'node.partitions is 1.5'],
])('refuses a node with %j', (node, message) => {
  expect(() => resolveOptions({ url, node })).toThrow(message);
});

it('refuses a limit of partitions in a SQLite file', () => {
  expect(() => resolveOptions({ url: 'sqlite:./x.sqlite', node: { partitions: 10 } })).toThrow(
    /one process. Leave it out/,
  );
});

it('takes a process that runs no subscriptions as one that answers requests', () => {
  const limit = { partitions: 1024 };
  expect(resolveOptions({ url, node: limit }).node).toMatchObject({ roles: ['api', 'worker'], limit: 1024 });
  expect(resolveOptions({ url, runSubscriptions: false }).node).toMatchObject({ roles: ['api'], version: null });
});
