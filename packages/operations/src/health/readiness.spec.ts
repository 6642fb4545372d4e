import { jest } from '@jest/globals';
import type {
  Databases,
  LeftSubscriptions,
  MessageHandlers,
  MessageHandlerStatus,
  Subscriptions,
  SubscriptionStatus,
} from '@leftfold/core';
import { HealthIndicatorService } from '@nestjs/terminus';
import { Readiness } from './readiness.js';

const LIVE: SubscriptionStatus = {
  name: 'users.user-view',
  kind: 'read-model',
  state: 'live',
  position: 10,
  lag: 0,
  pendingCommands: 0,
  scheduledCommands: 0,
  handled: 10,
  parked: 0,
  discarded: 0,
  owner: 'here',
  ranges: [],
  lastError: null,
  restarts: 0,
  restartAt: null,
  unattendedFor: 0,
  isUnattended: false,
  rebuild: null,
};

function readiness(
  ping: () => Promise<void>,
  list: Subscriptions['list'],
  failedOver = new Promise<Error>(() => undefined),
  left: ReturnType<LeftSubscriptions['left']> = [],
  runHere: () => Promise<MessageHandlerStatus[]> = () => Promise.resolve([]),
): Readiness {
  const leaving: LeftSubscriptions = { left: () => left };
  const databases: Pick<Databases, 'ping' | 'failedOver'> = { ping, failedOver };
  const options = { readyLagLimit: 5, metricsToken: undefined };
  const subscriptions: Pick<Subscriptions, 'list'> = { list };
  const indicators = new HealthIndicatorService();
  const subject = new Readiness(
    indicators,
    databases as Databases,
    subscriptions as Subscriptions,
    leaving,
    { runHere } as MessageHandlers,
    options,
  );
  return Object.assign(subject, { logger: { warn: () => undefined } });
}

it('needs a restart after a failover, and not before', async () => {
  let failOver!: (error: Error) => void;
  const subject = readiness(fine, listing({}), new Promise((resolve) => (failOver = resolve)));
  expect(subject.process()).toEqual({ process: { status: 'up' } });

  failOver(new Error('failed over'));
  await Promise.resolve();

  expect(subject.process()).toEqual({ process: { status: 'down', message: expect.stringContaining('Restart') } });
});

const fine = (): Promise<void> => Promise.resolve();
const away = (): Promise<never> => Promise.reject(new Error('select 1 failed at 10.0.0.1'));
const listing = (change: Partial<SubscriptionStatus>) => () => Promise.resolve([LIVE, { ...LIVE, ...change }]);

it('is up when everything answers and nothing lags', async () => {
  const subject = readiness(fine, listing({ lag: 5, state: 'catching-up' }));

  expect(await subject.database('events')).toEqual({ 'events-database': { status: 'up' } });
  expect(await subject.readModels()).toEqual({ subscriptions: { status: 'up' } });
});

it.each([
  ['is live', {}, 1, { status: 'up' }],
  ['has stopped', { state: 'stopped' }, 2, { status: 'degraded', stopped: [{ name: 'orders.fulfilment', lag: 7 }] }],
  ['is unattended', { isUnattended: true }, 2, { status: 'down', unattended: [{ name: 'orders.fulfilment', lag: 7 }] }],
] as const)(
  'counts the commands of sagas only when the answer names a saga: it %s',
  async (_, change, calls, answer) => {
    const list = jest.fn(async ({ commands = true }: { commands?: boolean } = {}) => [
      { ...LIVE, name: 'orders.fulfilment', kind: 'saga' as const, ...change, lag: commands ? 7 : 2 },
    ]);

    expect(await readiness(fine, list).readModels()).toMatchObject({ subscriptions: answer });
    expect(list).toHaveBeenNthCalledWith(1, { commands: false });
    expect(list).toHaveBeenCalledTimes(calls);
  },
);

it('is down without a reason in the answer when a database is unavailable', async () => {
  const subject = readiness(away, away);

  const database = await subject.database('views');
  const readModels = await subject.readModels();

  expect(database).toMatchObject({ 'views-database': { status: 'down' } });
  expect(readModels).toMatchObject({ subscriptions: { status: 'down' } });
  expect(JSON.stringify([database, readModels])).not.toMatch(/select|10\.0/);
});

it('is down when a read model has stopped, without repeating its error', async () => {
  const subject = readiness(fine, listing({ name: 'stuck', state: 'stopped', lag: 2, lastError: 'select x' }));

  const stopped = [{ name: 'stuck', lag: 2 }];
  expect(await subject.readModels()).toEqual({
    subscriptions: { status: 'down', stopped, behind: [], unattended: [], unknown: [] },
  });
});

it('is down when a read model is too far behind', async () => {
  const subject = readiness(fine, listing({ name: 'slow', lag: 6 }));

  const behind = [{ name: 'slow', lag: 6 }];
  expect(await subject.readModels()).toEqual({
    subscriptions: { status: 'down', stopped: [], behind, unattended: [], unknown: [] },
  });
});

it.each([
  ['is paused and far behind', { state: 'paused', lag: 1_000 }],
  ['is slow', { state: 'catching-up', lag: 6 }],
] as const)('is up when a side effect %s', async (_name, change) => {
  const subject = readiness(fine, listing({ name: 'users.welcome-mail', kind: 'side-effect', ...change }));

  expect(await subject.readModels()).toEqual({ subscriptions: { status: 'up' } });
});

it('is degraded when a side effect has stopped, because no answer is stale', async () => {
  const change = { name: 'users.welcome-mail', kind: 'side-effect', state: 'stopped', lag: 2 } as const;
  const subject = readiness(fine, listing({ ...change, lastError: 'no route to host' }));

  const stopped = [{ name: 'users.welcome-mail', lag: 2 }];
  expect(await subject.readModels()).toEqual({
    subscriptions: { status: 'degraded', stopped, behind: [], unattended: [], unknown: [] },
  });
});

it('is degraded when this node has left a subscription to others', async () => {
  const unknown = [{ name: 'users.user-view', type: 'users.user-renamed' }];

  expect(await readiness(fine, listing({}), undefined, unknown).readModels()).toEqual({
    subscriptions: { status: 'degraded', stopped: [], behind: [], unattended: [], unknown },
  });
});

it.each(['read-model', 'side-effect', 'saga'] as const)('is down when no node runs a %s', async (kind) => {
  const subject = readiness(
    fine,
    listing({ name: 'nobodys', kind, unattendedFor: 40_000, isUnattended: true, lag: 1 }),
  );

  const unattended = [{ name: 'nobodys', lag: 1 }];
  expect(await subject.readModels()).toEqual({
    subscriptions: { status: 'down', stopped: [], behind: [], unattended, unknown: [] },
  });
});

it('is up when a read model is paused or rebuilt, as long as its answers are fresh enough', async () => {
  for (const state of ['paused', 'rebuilding'] as const) {
    expect(await readiness(fine, listing({ state, lag: 5 })).readModels()).toEqual({ subscriptions: { status: 'up' } });
  }
});

it('is down when a read model is paused and too far behind', async () => {
  const subject = readiness(fine, listing({ state: 'paused', lag: 6 }));

  const behind = [{ name: 'users.user-view', lag: 6 }];
  expect(await subject.readModels()).toEqual({
    subscriptions: { status: 'down', stopped: [], behind, unattended: [], unknown: [] },
  });
});

describe('messages', () => {
  const HANDLER: MessageHandlerStatus = {
    name: 'orders.mark-paid',
    from: 'billing.invoice.*',
    state: 'live',
    isRunHere: true,
    problem: null,
    error: null,
    waiting: 3,
    unacknowledged: 0,
  };
  const messages = (runHere: () => Promise<MessageHandlerStatus[]>) =>
    readiness(fine, listing({}), undefined, [], runHere).messages();

  it('are up when they arrive, or when this process takes none', async () => {
    for (const found of [[], [HANDLER]]) {
      expect(await messages(() => Promise.resolve(found))).toEqual({ messages: { status: 'up' } });
    }
  });

  it('are degraded when some do not arrive, with the name and the reason, without repeating the error', async () => {
    const error = 'connect ECONNREFUSED 10.0.0.1';
    const stopped: MessageHandlerStatus = { ...HANDLER, name: 'mails.send', state: 'stopped', problem: 'away', error };

    expect(await messages(() => Promise.resolve([HANDLER, stopped]))).toEqual({
      messages: { status: 'degraded', stopped: [{ name: 'mails.send', reason: 'away' }] },
    });
  });
});
