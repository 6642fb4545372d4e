import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { NEVER } from 'rxjs';
import { OutboxWorker } from './outbox-worker.js';

const MINUTES = 60_000;

afterEach(() => jest.restoreAllMocks());

it('says once of a command that has been running for five minutes that it may hang', async () => {
  let ahead = 0;
  const now = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => now() + ahead);
  const warnings = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  const command = { id: 'c-1', name: 'orders.ship', saga: 'orders.fulfilment', position: 7 };
  let left = [command];
  const renewed = jest.fn(async () => undefined);
  const outbox = {
    clock: { moved$: NEVER },
    claimFor: 30,
    makeImpossibleTimesDue: async () => undefined,
    dueIn: async () => (left.length > 0 ? 0 : undefined),
    settleAndClaim: async () => {
      const claimed = left;
      left = [];
      return { claimed, dueIn: undefined };
    },
    renew: renewed,
  };
  let end: (outcome: object) => void = () => undefined;
  const executor = { execute: () => new Promise((resolve) => (end = resolve)) };
  const sources = { all: [{ name: 'orders.fulfilment', retry: { backoff: { longest: 1_000 } } }] };
  const worker = new OutboxWorker(outbox as never, executor as never, sources as never);

  /** Lets some renewals of the claim pass. */
  const renewals = async (): Promise<void> => {
    const enough = renewed.mock.calls.length + 3;
    while (renewed.mock.calls.length < enough) await delay(5);
  };

  worker.start();
  while (left.length > 0) await delay(5);
  ahead = 4 * MINUTES;
  await renewals();
  expect(warnings).not.toHaveBeenCalled();
  ahead = 6 * MINUTES;
  await renewals();
  ahead = 12 * MINUTES;
  await renewals();

  expect(warnings.mock.calls.flat()).toEqual([
    expect.stringMatching(
      /^The command orders\.ship of orders\.fulfilment, caused by the event at position 7, has been running for 5 minutes/,
    ),
  ]);
  end({ kind: 'done' });
  await worker.stop();
});
