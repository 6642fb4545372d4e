import type { EventLog } from '../event-log/event-log.js';
import { CommandExpiry } from './command-expiry.js';

const MINUTE = 60_000;

beforeEach(() => jest.useFakeTimers({ now: 0 }));

afterEach(() => jest.useRealTimers());

it('deletes expired command ids every ten minutes, also after a failure, until shutdown', async () => {
  const swept = await minutesOf(true);

  expect(swept).toEqual([10, 20, 30]);
});

it('deletes no command ids when it is a visitor', async () => {
  expect(await minutesOf(false)).toEqual([]);
});

/** Minutes at which it deleted expired ids: 35 minutes before it is stopped, and 35 after. */
async function minutesOf(sweeps: boolean): Promise<number[]> {
  const swept: number[] = [];
  const log = {
    forgetExpiredCommands: () => {
      swept.push(Date.now() / MINUTE);
      return swept.length === 1 ? Promise.reject(new Error('away')) : Promise.resolve();
    },
  };
  const expiry = new CommandExpiry(log as unknown as EventLog, sweeps);

  expiry.onApplicationBootstrap();
  await jest.advanceTimersByTimeAsync(35 * MINUTE);
  expiry.stop();
  await jest.advanceTimersByTimeAsync(35 * MINUTE);
  return swept;
}
