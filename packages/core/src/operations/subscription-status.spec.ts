import type { Subscription } from '../subscriptions/subscription.js';
import { statusOf } from './subscription-status.js';

it('of a subscription that no process has started yet is that of one that has done nothing', () => {
  const subscription = { name: 'orders.mail', kind: 'side-effect' } as Subscription;

  expect(statusOf(subscription, undefined, 7, 1_000)).toMatchObject({
    name: 'orders.mail',
    kind: 'side-effect',
    position: 0,
    lag: 7,
    pendingCommands: 0,
    scheduledCommands: 0,
    handled: 0,
    parked: 0,
    discarded: 0,
    owner: null,
    unattendedFor: 0,
    isUnattended: false,
    ranges: [],
    lastError: null,
  });
});
