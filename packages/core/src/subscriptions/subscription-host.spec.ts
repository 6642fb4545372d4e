import { setImmediate as nextTurn } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Subject } from 'rxjs';
import type { LogTail } from './log-tail.js';
import { type HostedWork, SubscriptionHost } from './subscription-host.js';
import type { Hint, SubscriptionSignals } from './subscription-signals.js';
import type { SubscriptionStates } from './states/subscription-states.js';

afterEach(() => jest.restoreAllMocks());

const STOPPED = { name: 'orders.order-view', isFree: true, halted: 'stopped', restartIn: null };

const runnerWith = <T extends object>(more: T) => ({
  subscription: { ...STOPPED, kind: 'read-model' },
  isRunning: false,
  start: jest.fn(),
  stop: async () => 0,
  whenPaused: () => undefined,
  rowChanged: () => undefined,
  left: {},
  ...more,
});

function hostOf(runner: object, list: () => Promise<object[]>, hints = new Subject<Hint>(), wakeAll = jest.fn()) {
  const states = { list } as unknown as SubscriptionStates;
  return new SubscriptionHost(
    { 'read-model': states, 'side-effect': states, saga: states },
    { start: () => undefined, stop: async () => undefined, wakeAll } as unknown as LogTail,
    { hints$: hints, notify: async () => undefined, close: () => undefined } as unknown as SubscriptionSignals,
    {
      prepare: async () => undefined,
      restore: async () => undefined,
      runners: () => [runner],
      background: [],
    } as unknown as HostedWork,
    { run: true, leaseTtl: 60_000 },
  );
}

it('starts stopped subscriptions at the first successful read of the rows of state', async () => {
  const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
  const hints = new Subject<Hint>();
  const list = jest.fn(() => Promise.resolve([STOPPED])).mockRejectedValueOnce(new Error('connection refused'));
  const start = jest.fn();
  const wakeAll = jest.fn();
  const host = hostOf(runnerWith({ start }), list, hints, wakeAll);

  host.start();
  await host.ready();
  expect(start).not.toHaveBeenCalled();
  expect(warn).toHaveBeenCalledWith(expect.stringMatching(/can't be read at the moment: connection refused$/));
  expect(wakeAll).toHaveBeenCalled();

  hints.next('certain');
  while (start.mock.calls.length === 0) await nextTurn();
  expect(start).toHaveBeenCalledWith(true);
  // From here on, only an operator resumes it.
  hints.next('certain');
  while (wakeAll.mock.calls.length < 3) await nextTurn();
  expect(start).toHaveBeenCalledTimes(1);
  await host.stop();
});

it('starts a subscription that was resumed while its run ended', async () => {
  let end!: () => void;
  const ending = new Promise<void>((resolve) => (end = resolve));
  const runner = runnerWith({ isRunning: true, ending });
  const list = jest.fn(() => Promise.resolve([{ ...STOPPED, halted: null }]));
  const host = hostOf(runner, list);
  host.start();
  await host.ready();
  expect(list).toHaveBeenCalledTimes(1);
  expect(runner.start).not.toHaveBeenCalled();

  runner.isRunning = false;
  end();
  while (runner.start.mock.calls.length === 0) await nextTurn();

  expect(list).toHaveBeenCalledTimes(2);
  await host.stop();
});
