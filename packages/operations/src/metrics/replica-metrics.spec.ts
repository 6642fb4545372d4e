import type { ReplicaStatus, SubscriptionStatus } from '@leftfold/core';
import { Registry } from 'prom-client';
import { ReplicaMetrics } from './replica-metrics.js';

const primary = [
  { name: 'users', kind: 'read-model', position: 9 },
  { name: 'orders', kind: 'read-model', position: 7 },
  { name: 'mails', kind: 'side-effect', position: 100 },
] as SubscriptionStatus[];

async function shown(replicas: readonly ReplicaStatus[], statuses: SubscriptionStatus[] | undefined) {
  const registry = new Registry();
  new ReplicaMetrics({ replicas }, registry).show(statuses);
  return (await registry.metrics()).split('\n').filter((line) => line.startsWith('leftfold'));
}

const near: ReplicaStatus = {
  name: 'one:5432/app',
  isUp: true,
  positions: new Map([
    ['users', 8],
    ['orders', 8],
  ]),
};
const down: ReplicaStatus = { name: 'two:5432/app', isUp: false, positions: new Map() };

it.each<[string, readonly ReplicaStatus[], SubscriptionStatus[] | undefined, string[]]>([
  [
    'the lag of the read model that is furthest behind, and none of a replica that is left out',
    [near, down],
    primary,
    [
      'leftfold_replica_up{replica="one:5432/app"} 1',
      'leftfold_replica_up{replica="two:5432/app"} 0',
      'leftfold_replica_lag{replica="one:5432/app"} 1',
    ],
  ],
  [
    'the lag of a replica that is left out because of it',
    [{ ...near, isUp: false }],
    primary,
    ['leftfold_replica_up{replica="one:5432/app"} 0', 'leftfold_replica_lag{replica="one:5432/app"} 1'],
  ],
  ['no lag while the primary is away', [near], undefined, ['leftfold_replica_up{replica="one:5432/app"} 1']],
  ['nothing without replicas', [], primary, []],
])('shows %s', async (_what, replicas, statuses, lines) => {
  expect(await shown(replicas, statuses)).toEqual(lines);
});
