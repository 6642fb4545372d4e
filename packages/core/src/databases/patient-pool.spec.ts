import { EventEmitter } from 'node:events';
import { performance } from 'node:perf_hooks';
import { jest } from '@jest/globals';
import pg from 'pg';
import { patientPool } from './patient-pool.js';

/** A session of no server. */
class Session extends EventEmitter {
  static opened = 0;
  readonly _queryable = true;

  connect(connected: () => void): void {
    Session.opened += 1;
    process.nextTick(connected);
  }

  end(ended: () => void): void {
    process.nextTick(ended);
  }
}

const PooledSession = Session as unknown as typeof pg.Client;

/** Settles what is due without the passing of time. */
async function settle(): Promise<void> {
  for (let round = 0; round < 5; round++) await new Promise<void>((resolve) => process.nextTick(resolve));
}

describe('a pool that is patient', () => {
  let pool: pg.Pool;
  let got: pg.PoolClient[];

  beforeEach(async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
    Session.opened = 0;
    pool = new (patientPool(pg.Pool))({ max: 3, Client: PooledSession, idleTimeoutMillis: 0 });
    got = [];
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  const request = async (count = 1): Promise<void> => {
    for (let each = 0; each < count; each++) void pool.connect().then((client) => got.push(client));
    await settle();
  };
  const wait = async (ms: number): Promise<void> => {
    await jest.advanceTimersByTimeAsync(ms);
    await settle();
  };
  const release = async (error?: Error): Promise<void> => {
    got.pop()!.release(error);
    await settle();
  };

  it('opens the first session at once, and has the next requests wait for it', async () => {
    await request(3);
    expect(got).toHaveLength(1);
    for (let each = 0; each < 2; each++) {
      await release();
      expect(got).toHaveLength(1);
    }

    await release();
    await wait(1_000);
    expect(Session.opened).toBe(1);
  });

  it('opens one more session each time that requests have waited for 20 ms', async () => {
    await request(3);
    await wait(19);
    expect(Session.opened).toBe(1);

    await wait(2);
    expect(got).toHaveLength(2);
    await wait(21);

    expect(got).toHaveLength(3);
    expect(Session.opened).toBe(3);
  });

  it('grows under load that waits only briefly each time, and not when it is calm in between', async () => {
    const waitBriefly = async (): Promise<void> => {
      await request(2);
      await wait(8);
      await release();
      await release();
    };
    for (let each = 0; each < 5; each++) {
      await waitBriefly();
      await wait(11);
    }
    expect(Session.opened).toBe(1);

    for (let each = 0; each < 3; each++) {
      await waitBriefly();
      await wait(5);
    }
    expect(Session.opened).toBe(2);
  });

  it('grows in the next turn where requests have waited for longer while the event loop stood still', async () => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(0);
    const timers = jest.spyOn(globalThis, 'setTimeout');
    await request(2);
    now.mockReturnValue(25);
    await release();
    now.mockReturnValue(26);

    await request(1);

    expect(timers.mock.calls.map(([, delay]) => delay)).toEqual([20, 0]);
    jest.restoreAllMocks();
  });

  it('grows while there are always requests that wait, even if each waits only briefly', async () => {
    await request(2);
    for (let each = 0; each < 3; each++) {
      await wait(8);
      await request();
      await release();
    }

    expect(Session.opened).toBe(2);
  });

  it('opens no more than its most, and serves the others in turn', async () => {
    await request(5);
    await wait(100);
    expect(got).toHaveLength(3);

    await release();
    await release();

    expect(got).toHaveLength(3);
    expect(Session.opened).toBe(3);
  });

  it('opens another session at once for a request that waited for one that broke', async () => {
    await request(2);

    await release(new Error('cut'));

    expect(got).toHaveLength(1);
    expect(Session.opened).toBe(2);
  });

  it('fails requests that wait for it when it ends', async () => {
    await request();
    const waiting = pool.connect().catch((error: Error) => error.message);

    void pool.end();
    await wait(21);

    expect(await waiting).toMatch('after calling end');
    await release();
  });
});
