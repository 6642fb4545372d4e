import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import { PARKING_RETRY } from '../retry.decorator.js';
import { LONG } from '../runners/long-work.js';
import { HandlerAttempts } from './handler-attempts.js';

afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

it('says once of a handler that has been running for five minutes that it may hang', async () => {
  jest.useFakeTimers();
  const warnings = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  let end: (consequences: string[]) => void = () => undefined;
  const reaction = { takesStored: true, handle: () => new Promise((resolve) => (end = resolve)) };
  const subscription = { kind: 'side-effect', name: 'orders.mail', retry: PARKING_RETRY } as never;
  const unused = {} as never;
  const attempts = new HandlerAttempts(subscription, reaction as never, unused, unused);

  const attempt = attempts.attempt({ position: 7, type: 'orders.order-placed' } as RecordedEvent);
  await jest.advanceTimersByTimeAsync(3 * LONG);
  end(['sent']);

  expect(await attempt).toEqual({ consequences: ['sent'] });
  expect(warnings.mock.calls.flat()).toEqual([
    expect.stringMatching(
      /^The handler of the event at position 7 \(orders\.order-placed\) has been running for 5 minutes.*restart the process\.$/,
    ),
  ]);
});
