import type { AttemptCounts } from '../limits/attempt-counts.js';
import { CredentialSweep } from './credential-sweep.js';
import type { Credentials } from './credentials.js';

const MINUTE = 60_000;

beforeEach(() => jest.useFakeTimers({ now: 0 }));

afterEach(() => jest.useRealTimers());

it('sweeps at start and every hour, even after a failure, until the end', async () => {
  const swept: number[] = [];
  const counted: number[] = [];
  const credentials = {
    sweep: (now: Date) => {
      swept.push(now.getTime() / MINUTE);
      return swept.length === 1 ? Promise.reject(new Error('away')) : Promise.resolve();
    },
  } as Credentials;
  const counts = { sweep: async (now: Date) => void counted.push(now.getTime() / MINUTE) } as AttemptCounts;
  const sweep = new CredentialSweep(credentials, counts);

  await sweep.onApplicationBootstrap();
  expect(swept).toEqual([0]);
  await jest.advanceTimersByTimeAsync(121 * MINUTE);
  sweep.onModuleDestroy();
  await jest.advanceTimersByTimeAsync(120 * MINUTE);

  expect(swept).toEqual([0, 60, 120]);
  expect(counted).toEqual([0, 60, 120]);
});
