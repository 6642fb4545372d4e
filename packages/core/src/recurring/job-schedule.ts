import { Cron } from 'croner';

/** Shortest interval between two runs, in ms. */
export const SHORTEST_INTERVAL = 1_000;
/** Longest interval, in ms: 366 days. */
const LONGEST_INTERVAL = 366 * 24 * 60 * 60_000;
/** Cron expressions have whole seconds, in ms. */
const SECOND = 1_000;

/** When a job is due. All times are ms since 1970, UTC. */
export interface JobSchedule {
  /** Identifies the schedule. It is stored, and another text means that the schedule has changed. */
  readonly text: string;
  /** The first due time after `time`; null if there is none. */
  nextAfter(time: number): number | null;
  /** The last due times up to and including `time`, at most `limit`, in order. */
  lastUpTo(time: number, limit: number): number[];
}

/** Due every `interval` ms, at multiples of the interval since 1970 UTC, so the same on every node and after restarts. */
export class IntervalSchedule implements JobSchedule {
  readonly text: string;

  /** @throws RangeError unless it is a whole number of ms from 1,000 to 366 days */
  constructor(private readonly interval: number) {
    if (!Number.isInteger(interval) || interval < SHORTEST_INTERVAL || interval > LONGEST_INTERVAL) {
      throw new RangeError(`every must be a whole number of ms from ${SHORTEST_INTERVAL} to 366 days.`);
    }
    this.text = `every ${interval} ms`;
  }

  nextAfter(time: number): number {
    return (Math.floor(time / this.interval) + 1) * this.interval;
  }

  lastUpTo(time: number, limit: number): number[] {
    const last = Math.floor(time / this.interval) * this.interval;
    return Array.from({ length: limit }, (_, index) => last - (limit - 1 - index) * this.interval);
  }
}

/**
 * Due by a cron expression in a time zone. When clocks change, a single time of day runs once: at the end of the gap, or
 * at the first of two occurrences. A schedule with several times of day runs in real time: it skips the gap, and runs
 * in both occurrences of an hour. These are the rules of `croner`.
 */
export class CronSchedule implements JobSchedule {
  readonly text: string;
  private readonly cron: Cron;

  /** @throws Error when the expression or the time zone is unknown, or the expression never matches */
  constructor(expression: string, timeZone: string) {
    this.text = `${expression} (${timeZone})`;
    this.cron = new Cron(expression, { timezone: timeZone, paused: true });
    if (this.cron.getOnce()) throw new RangeError('cron takes a pattern, not a date.');
    // Also finds an unknown time zone.
    if (this.nextAfter(0) === null) throw new RangeError(`no date matches the cron expression "${expression}".`);
  }

  nextAfter(time: number): number | null {
    return this.cron.nextRun(new Date(time))?.getTime() ?? null;
  }

  lastUpTo(time: number, limit: number): number[] {
    // Croner returns times before the given one, and this includes that one.
    const found = this.cron.previousRuns(limit + 1, new Date(time + SECOND)).map((each) => each.getTime());
    return found
      .filter((each) => each <= time)
      .slice(0, limit)
      .toReversed();
  }
}
