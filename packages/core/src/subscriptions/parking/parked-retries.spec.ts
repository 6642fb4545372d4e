import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { PARKING_RETRY } from '../retry.decorator.js';
import { Lease } from '../states/lease.js';
import { HandlerAttempts } from './handler-attempts.js';
import { ParkedRetries } from './parked-retries.js';

afterEach(() => jest.restoreAllMocks());

it('retries nothing under a lease that was not renewed in time, and says so', async () => {
  const lease = new Lease('orders.mail', 1, -1, performance.now());
  const list = async () => [{ id: 'parked-1', stream: 'order-1', position: 1, tries: 0 }];
  const unused = {} as never;
  const retries = new ParkedRetries(
    unused,
    { lease, isEnding: false } as never,
    unused,
    unused,
    { list } as never,
    unused,
  );

  await expect(retries.tryDue()).rejects.toThrow(
    'The lease of "orders.mail" was not renewed in time, so another process may have it.',
  );
});

it.each([
  ['tried', 2],
  ['found', 3],
])('says in the log that an event is a dead letter when its last attempt is %s to have failed', async (_how, tries) => {
  const errors = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
  for (const level of ['warn', 'debug'] as const) jest.spyOn(Logger.prototype, level).mockReturnValue(undefined);
  const unused = {} as never;
  const subscription = { kind: 'side-effect', name: 'orders.mail', retry: { ...PARKING_RETRY, attempts: 3 } } as never;
  const reaction = { takesStored: true, handle: () => Promise.reject(new Error('The address is ann@example.com.')) };
  const failed = jest.fn(async () => undefined);
  const dueEvents = {
    list: async () => [{ id: 'parked-1', stream: 'order-1', position: 7, tries }],
    countAttempt: async () => true,
    lastFailure: async () => undefined,
    failed,
  };
  const log = { readAll: async () => ({ events: [{ position: 7, type: 'orders.order-placed', data: {} }] }) };
  const retries = new ParkedRetries(
    subscription,
    { lease: new Lease('orders.mail', 1, 60_000, performance.now()), isEnding: false } as never,
    reaction as never,
    new HandlerAttempts(subscription, reaction as never, unused, { retried: () => undefined } as never),
    dueEvents as never,
    log as never,
  );

  await retries.tryDue();

  expect(failed).toHaveBeenCalledTimes(1);
  expect(errors.mock.calls.flat().join()).toMatch(
    /^Given up after 3 attempts at the event at position 7\. It is a dead letter, .* retry or discard it\.$/,
  );
});
