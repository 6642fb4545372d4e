import { setImmediate as nextTurn } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { EventLog } from '../../event-log/event-log.js';
import type { Telemetry } from '../../telemetry.js';
import type { LogTail } from '../log-tail.js';
import type { RangeRow } from '../ranges/range-row.js';
import { SPLIT } from '../states/subscription-row.js';
import type { SubscriptionStates } from '../states/subscription-states.js';
import type { FailurePolicy } from '../retry.decorator.js';
import type { Subscription } from '../subscription.js';
import type { Delivery } from './delivery.js';
import { SubscriptionRunner } from './subscription-runner.js';

const LEASE = { name: 'orders.mail', epoch: 1 };

afterEach(() => jest.restoreAllMocks());

function statesThatClaim() {
  return {
    restartPause: { first: 1_000, longest: 4_000 },
    claim: async () => ({
      lease: LEASE,
      row: { position: 3, attempts: 0, restarts: 0 },
      abandonedBy: null as string | null,
    }),
    release: jest.fn(async () => undefined),
    stop: jest.fn(async () => true),
  };
}

async function attempt(runner: SubscriptionRunner): Promise<void> {
  runner.start(false);
  await runner.stop();
}

function runnerOf(failure: Error, states: ReturnType<typeof statesThatClaim>, policy: FailurePolicy = 'stop') {
  const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
  const error = jest.spyOn(Logger.prototype, 'error').mockReturnValue();
  const paused = jest.fn();
  const delivery: Delivery = { newestVersion: () => 1, adopt: async () => true, open: () => Promise.reject(failure) };
  const runner = new SubscriptionRunner(
    { name: 'orders.order-view', kind: 'read-model', types: [], retry: { policy } } as unknown as Subscription,
    delivery,
    states as unknown as SubscriptionStates,
    {} as EventLog,
    { wakeAll: () => undefined } as unknown as LogTail,
    { retried: () => undefined } as unknown as Telemetry,
  );
  runner.whenPaused(paused);
  return { warn, error, paused, runner };
}

/** A runner that waits at the head of the log for its next event. */
async function idleRunner(states: ReturnType<typeof statesThatClaim>): Promise<SubscriptionRunner> {
  let wake = (): void => undefined;
  const waiting = new Promise<void>((resolve) => (wake = resolve));
  const session = { doDueWork: async () => 60_000, close: async () => undefined, rowChanged: () => undefined };
  const opened = jest.fn(async () => session);
  const runner = new SubscriptionRunner(
    { name: 'orders.mail', kind: 'side-effect', types: [], retry: {} } as unknown as Subscription,
    { newestVersion: () => 1, adopt: async () => true, open: opened } as unknown as Delivery,
    states as unknown as SubscriptionStates,
    {} as EventLog,
    { position: 3, slice: () => [], changed: () => waiting, wakeAll: () => wake() } as unknown as LogTail,
    {} as Telemetry,
  );
  runner.start(false);
  while (opened.mock.calls.length === 0) await nextTurn();
  return runner;
}

async function fail(...given: Parameters<typeof runnerOf>) {
  const made = runnerOf(...given);
  await attempt(made.runner);
  return made;
}

it('releases the lease when the database is away, so that any process may retry at once', async () => {
  const states = statesThatClaim();

  await fail(Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' }), states);

  expect(states.release).toHaveBeenCalledWith(LEASE);
  expect(states.stop).not.toHaveBeenCalled();
});

it('logs the old and the new owner when it takes over an expired lease', async () => {
  const log = jest.spyOn(Logger.prototype, 'log').mockReturnValue();
  const abandoned = { lease: LEASE, row: { position: 3, attempts: 0, restarts: 0 }, abandonedBy: 'host/1/old' };
  const states = { ...statesThatClaim(), owner: 'host/2/new', claim: async () => abandoned };

  await fail(new Error('no such column'), states);

  expect(log.mock.calls).toEqual([['host/2/new took over from host/1/old, whose lease expired, at position 3.']]);
});

it('stops on any other failure, with the reason in its row of state', async () => {
  const states = statesThatClaim();

  const { paused } = await fail(new Error('no such column'), states);

  expect(states.stop).toHaveBeenCalledWith(LEASE, { error: 'no such column', restarts: 1, restartIn: null });
  expect(paused).not.toHaveBeenCalled();
  expect(states.release).not.toHaveBeenCalled();
});

it('pauses twice as long after each stop without progress, and logs one line', async () => {
  jest.spyOn(Math, 'random').mockReturnValue(1);
  const states = statesThatClaim();
  const claimed = await states.claim();
  const again = { ...states, claim: async () => ({ ...claimed, row: { ...claimed.row, restarts: 1 } }) };

  const { paused, error } = await fail(new Error('no such column'), again, 'restart');

  expect(states.stop).toHaveBeenCalledWith(LEASE, { error: 'no such column', restarts: 2, restartIn: 2_000 });
  expect(paused.mock.calls).toEqual([[2_000]]);
  expect(error.mock.calls).toEqual([
    [
      expect.stringMatching(/^Stopped after position 3\. It starts again by itself in 2 s \(stop 2 /),
      expect.anything(),
    ],
  ]);
});

it("ends and can be started again when the row of state can't be written", async () => {
  const states = statesThatClaim();
  states.stop.mockRejectedValueOnce(new Error('connection refused'));

  const { warn, runner } = await fail(new Error('no such column'), states);

  expect(warn).toHaveBeenCalledWith('Could not store how it ended: connection refused');
  expect(runner.isRunning).toBe(false);
  await attempt(runner);
  expect(states.stop).toHaveBeenCalledTimes(2);
});

it('looks again at once when it was resumed while it failed', async () => {
  const states = statesThatClaim();
  states.stop.mockResolvedValue(false);

  const { paused } = await fail(new Error('no such column'), states);

  expect(states.release).toHaveBeenCalledWith(LEASE);
  expect(paused.mock.calls).toEqual([[0]]);
});

it('is ending while it stores why it stops, and not before and after', async () => {
  const states = statesThatClaim();
  const ending: (Promise<void> | undefined)[] = [];
  const { runner } = runnerOf(new Error('no such column'), states);
  const { claim } = states;
  states.claim = () => {
    ending.push(runner.ending);
    return claim();
  };
  states.stop.mockImplementation(async () => ending.push(runner.ending) > 0);

  runner.start(false);
  while (runner.isRunning) await nextTurn();

  expect(ending).toEqual([undefined, expect.any(Promise)]);
  expect(runner.ending).toBeUndefined();
});

describe('that reads in its row of state that its lease is gone, while it is idle', () => {
  const GONE = { name: 'orders.mail', epoch: 2, halted: null, ranges: [], rebuild: null };
  const states = { ...statesThatClaim(), owner: 'host/1/this' };

  it.each([
    {
      what: 'says so when another process has it, and leaves the row alone',
      owner: 'host/2/other',
      warned: 1,
      released: 0,
    },
    { what: 'says nothing when an operator revoked it', owner: null, warned: 0, released: 1 },
  ])('$what', async ({ owner, warned, released }) => {
    states.release.mockClear();
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    const runner = await idleRunner(states);

    runner.rowChanged({ ...GONE, owner });
    while (runner.isRunning) await nextTurn();

    expect(warn.mock.calls).toEqual(warned ? [['"orders.mail" was taken over by another process.']] : []);
    expect(states.release).toHaveBeenCalledTimes(released);
  });

  it.each([
    { what: 'split', owner: SPLIT, ranges: [{ first: 0, last: 1023, epoch: 2, owner: 'host/2/other' } as RangeRow] },
    { what: 'whole', owner: 'host/2/other', ranges: [] },
  ])(
    'goes on with its part when it reads a row of before its claim, which was $what then',
    async ({ owner, ranges }) => {
      states.release.mockClear();
      const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
      const claim = await states.claim();
      const lease = { ...LEASE, epoch: 3, part: { range: { first: 0, last: 511 } } };
      const runner = await idleRunner({ ...states, claim: async () => ({ ...claim, lease }) });

      runner.rowChanged({ ...GONE, owner, ranges });

      expect(runner.ending).toBeUndefined();
      await runner.stop();
      expect(warn).not.toHaveBeenCalled();
      expect(states.release).toHaveBeenCalledWith(lease);
    },
  );

  it('says so when it had a part, and another process has all of it now', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    const claim = await states.claim();
    const lease = { ...LEASE, part: { range: { first: 0, last: 511 } } };
    const runner = await idleRunner({ ...states, claim: async () => ({ ...claim, lease }) });

    runner.rowChanged({ ...GONE, owner: 'host/2/other' });
    while (runner.isRunning) await nextTurn();

    expect(warn.mock.calls).toEqual([['"orders.mail" was taken over by another process.']]);
  });
});
