import { jest } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import type { DependentWrite } from '../../databases/dependent-write.js';
import { Lease } from '../states/lease.js';
import type { CheckpointMove } from '../states/stored-checkpoints.js';
import type { SubscriptionStates } from '../states/subscription-states.js';
import { Checkpoint } from './checkpoint.js';

const manager = {} as EntityManager;
const HANDLED = { handled: 1, eventId: 'e' };

function checkpointAt(position: number) {
  const advance = jest.fn(async (..._given: [EntityManager, Lease, CheckpointMove]) => undefined);
  const advanceWith = jest.fn(async (..._given: [readonly DependentWrite[], Lease, CheckpointMove]) => true);
  const transaction = jest.fn((work: (manager: EntityManager) => Promise<void>) => work(manager));
  const lease = new Lease('orders.order-view', 1, 60_000, -Infinity);
  const states = { checkpoints: { advance, advanceWith }, transaction } as unknown as SubscriptionStates;
  const checkpoint = new Checkpoint(states, lease, { position, restarts: 2 });
  return { checkpoint, advance, advanceWith, transaction, lease };
}

it('moves from the committed position and renews the lease with the commit', async () => {
  const { checkpoint, advance, advanceWith, lease } = checkpointAt(3);
  expect(lease.isStale).toBe(true);

  await checkpoint.commit({ to: 5, ...HANDLED }, async () => undefined);
  await checkpoint.skipTo(9);

  const [[, , within]] = advance.mock.calls as [[EntityManager, Lease, CheckpointMove]];
  const [[writes, , alone]] = advanceWith.mock.calls as [[readonly DependentWrite[], Lease, CheckpointMove]];
  expect(within).toEqual({ from: 3, to: 5, ...HANDLED });
  expect(alone).toMatchObject({ from: 5, to: 9, handled: 0 });
  expect(writes).toEqual([]);
  expect(checkpoint.position).toBe(9);
  expect(checkpoint.restarts).toBe(0);
  expect(lease.isStale).toBe(false);
});

it('does not move when the transaction or its work fails', async () => {
  const { checkpoint, advanceWith, lease } = checkpointAt(3);
  advanceWith.mockRejectedValueOnce(new Error('connection lost'));
  const refused = (): Promise<void> => Promise.reject(new Error('refused'));

  await expect(checkpoint.commit({ to: 5, ...HANDLED })).rejects.toThrow('connection lost');
  await expect(checkpoint.commit({ to: 5, ...HANDLED }, refused)).rejects.toThrow('refused');

  expect(checkpoint.position).toBe(3);
  expect(checkpoint.restarts).toBe(2);
  expect(lease.isStale).toBe(true);
});

it('does not move while it is held', async () => {
  const { checkpoint } = checkpointAt(3);
  let release = (): void => undefined;
  const held = checkpoint.hold(() => new Promise((resolve) => (release = resolve)));
  const moved = checkpoint.commit({ to: 5, ...HANDLED });

  await new Promise(setImmediate);
  expect(checkpoint.position).toBe(3);
  release();
  await Promise.all([held, moved]);
  expect(checkpoint.position).toBe(5);
});
