import { jest } from '@jest/globals';
import { type DeadLetters, type EventLog, type Subscriptions, Telemetry } from '@leftfold/core';
import { Registry } from 'prom-client';
import { KernelMetrics } from './kernel-metrics.js';
import { ReplicaMetrics } from './replica-metrics.js';
import { StateMetrics } from './state-metrics.js';
import { SubscriptionMetrics } from './subscription-metrics.js';

afterEach(() => jest.useRealTimers());

it('waits 3 s for a database that does not answer, and shows the values of the other one', async () => {
  jest.useFakeTimers();
  const log: Pick<EventLog, 'head'> = { head: () => Promise.resolve(7) };
  const silent: Pick<Subscriptions, 'list'> = { list: () => new Promise(() => undefined) };
  const letters: Pick<DeadLetters, 'count'> = {
    count: () => Promise.resolve([{ subscription: 'mails', kind: 'event', count: 2 }]),
  };
  const registry = new Registry();
  const subject = new StateMetrics(
    log as EventLog,
    silent as Subscriptions,
    letters as DeadLetters,
    new SubscriptionMetrics(registry, new ReplicaMetrics({ replicas: [] }, registry)),
    new KernelMetrics(new Telemetry(), registry),
    registry,
  );
  Object.assign(subject, { logger: { warn: () => undefined } });
  let isDone = false;
  const refreshed = subject.refresh().then(() => (isDone = true));

  await jest.advanceTimersByTimeAsync(2_999);
  expect(isDone).toBe(false);
  await jest.advanceTimersByTimeAsync(1);
  await refreshed;

  const shown = await registry.metrics();
  expect(shown).toContain('\nleftfold_log_position 7\n');
  expect(shown).toContain('\nleftfold_dead_letters{subscription="mails",kind="event"} 2\n');
  expect(shown).toContain('\nleftfold_last_scrape_error{part="subscriptions"} 1\n');
  expect(shown).toContain('\nleftfold_last_scrape_error{part="log"} 0\n');
  expect(shown).not.toContain('\nleftfold_subscription_lag{');
});
