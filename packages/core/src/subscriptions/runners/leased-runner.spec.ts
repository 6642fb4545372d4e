import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Subscription } from '../subscription.js';
import { LeasedRunner, type Surroundings } from './leased-runner.js';

const LEASE = { epoch: 1 };

afterEach(() => jest.restoreAllMocks());

/** Fails at its work. */
class Failing extends LeasedRunner<Subscription> {
  readonly adopt = async (): Promise<boolean> => true;
  readonly begin = async (): Promise<void> => undefined;
  readonly beCareful = async (): Promise<void> => undefined;
  readonly reached = (): void => undefined;
  readonly close = async (): Promise<void> => undefined;

  constructor(
    around: Surroundings,
    private readonly failure: Error,
  ) {
    super({ name: 'orders.order-view', kind: 'read-model' } as Subscription, around);
  }

  protected follow(): Promise<void> {
    return Promise.reject(this.failure);
  }

  async attempt(): Promise<void> {
    this.start(false);
    await this.stop();
  }
}

function statesThatClaim() {
  return {
    claim: async () => ({ lease: LEASE, row: { position: 3, attempts: 0 }, abandoned: false }),
    release: jest.fn(async () => undefined),
    stop: jest.fn(async () => undefined),
  };
}

async function fail(failure: Error, states: ReturnType<typeof statesThatClaim>) {
  const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
  jest.spyOn(Logger.prototype, 'error').mockReturnValue();
  const around = { states, tail: { rouse: () => undefined }, telemetry: { retried: () => undefined } };
  const runner = new Failing(around as unknown as Surroundings, failure);
  await runner.attempt();
  return { warn, runner };
}

it('gives the lease back when the database is away, so that any process may try again at once', async () => {
  const states = statesThatClaim();

  await fail(Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' }), states);

  expect(states.release).toHaveBeenCalledWith(LEASE);
  expect(states.stop).not.toHaveBeenCalled();
});

it('stops at any other failure, with the reason in its row of state', async () => {
  const states = statesThatClaim();

  await fail(new Error('no such column'), states);

  expect(states.stop).toHaveBeenCalledWith(LEASE, 'no such column');
  expect(states.release).not.toHaveBeenCalled();
});

it('ends, and can be started again, when the row of state can not be written', async () => {
  const states = statesThatClaim();
  states.stop.mockRejectedValueOnce(new Error('connection refused'));

  const { warn, runner } = await fail(new Error('no such column'), states);

  expect(warn).toHaveBeenCalledWith('Could not note what became of it: connection refused');
  expect(runner.isRunning).toBe(false);
  await runner.attempt();
  expect(states.stop).toHaveBeenCalledTimes(2);
});
