import type { JobSchedule } from './job-schedule.js';

/** What happens with missed due times; see `RecurringOptions`. */
export type MissedRuns = 'once' | 'all' | 'skip';

/** How late a run may be and still count as on time, in ms. */
const ON_TIME = 60_000;
/** With `all`, the most missed runs that are made up for. */
export const MOST_MISSED = 1_000;

/** What to do about a job now. Times are ms since 1970, UTC. */
export interface DueRuns {
  /** Due times to run for, in order. */
  readonly runs: readonly number[];
  /** Due times beyond `MOST_MISSED` that `all` leaves out: whether there are any. */
  readonly isCut: boolean;
  /** The next due time; null if there is none. */
  readonly nextDue: number | null;
}

/**
 * Decides which of the due times from `nextDue` up to `now` are run.
 * @param nextDue the stored next due time
 */
export function dueRuns(schedule: JobSchedule, missed: MissedRuns, nextDue: number, now: number): DueRuns {
  const limit = missed === 'all' ? MOST_MISSED : 1;
  const found = schedule.lastUpTo(now, limit + 1).filter((due) => due >= nextDue);
  const last = found.slice(-limit);
  const runs = missed === 'skip' ? last.filter((due) => now - due <= ON_TIME) : last;
  return { runs, isCut: missed === 'all' && found.length > limit, nextDue: schedule.nextAfter(now) };
}
