import { EMPTY } from 'rxjs';
import { InvalidReadError } from '../event-log/event-log.errors.js';
import type { EventLog } from '../event-log/event-log.js';
import { type FollowOptions, LogFollower } from './log-follower.js';
import { LogTail } from './log-tail.js';

describe('LogFollower', () => {
  it.each<Partial<FollowOptions>>([
    { limit: 0 },
    { limit: 1.5 },
    { after: Number.NaN },
    { after: 0.5 },
    { from: new Date(Number.NaN) },
  ])('refuses options that no log could answer, also at the head: %p', async (options) => {
    const log = { appended$: EMPTY, head: async () => 0 } as unknown as EventLog;
    const signal = AbortSignal.timeout(50);
    const slices = new LogFollower(log, new LogTail(log)).follow({ after: 0, ...options, signal });
    await expect(slices.next()).rejects.toThrow(InvalidReadError);
  });
});
