import { SetupError } from '../errors.js';
import { CronSchedule, IntervalSchedule, type JobSchedule } from './job-schedule.js';
import type { MissedRuns } from './due-runs.js';

/** Options of `@Recurring`: either `cron` or `every`. */
export interface RecurringOptions {
  /** Name of the job, `<feature>.<job>`. It never changes with the class. */
  readonly name: string;
  /** Cron expression of 5 fields, or 6 with seconds first. */
  readonly cron?: string;
  /** Interval in ms, whole, from 1,000 to 366 days. Due at its multiples since 1970 UTC. */
  readonly every?: number;
  /** IANA time zone of the cron expression, such as `Europe/Berlin`. Default: `UTC`. */
  readonly timeZone?: string;
  /**
   * What happens with due times that passed while no process ran, or more than a minute ago. `once`: one run, for the
   * last of them. `all`: one run for each, at most the last 1,000. `skip`: none. Default: `once`.
   */
  readonly missed?: MissedRuns;
}

/** A command class that can recur. It gets the due time, ISO 8601 in UTC; for a run by hand, the time of the request. */
export type RecurringCommandClass = new (dueAt: string) => object;

export interface RecurringDescriptor {
  readonly name: string;
  readonly schedule: JobSchedule;
  readonly missed: MissedRuns;
}

const NAME = /^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/;
const descriptors = new WeakMap<object, RecurringDescriptor>();

/**
 * Executes a command on a schedule: once for each due time over all nodes, also after restarts. The class needs
 * `@StoredCommand`, and a handler. Its constructor gets the due time. A failed run is retried as `@Retry` on the class
 * says, with the defaults of sagas, and then becomes a dead letter. A run does not wait for the run before it.
 * @throws SetupError when the name, the schedule or the time zone is not valid
 */
export function Recurring({ name, cron, every, timeZone, missed = 'once' }: RecurringOptions) {
  return (commandClass: RecurringCommandClass): void => {
    const refuse = (sentence: string): never => {
      throw new SetupError(`@Recurring on ${commandClass.name}: ${sentence}`);
    };
    if (!NAME.test(name)) refuse(`write the name as '<feature>.<job>', in lower case with hyphens.`);
    if ((cron === undefined) === (every === undefined)) refuse('give either cron or every.');
    if (every !== undefined && timeZone !== undefined) refuse('timeZone belongs to cron; every has none.');
    if (!['once', 'all', 'skip'].includes(missed)) refuse(`missed is 'once', 'all' or 'skip'.`);
    try {
      const schedule = cron === undefined ? new IntervalSchedule(every!) : new CronSchedule(cron, timeZone ?? 'UTC');
      descriptors.set(commandClass, { name, schedule, missed });
    } catch (error) {
      refuse((error as Error).message);
    }
  };
}

export function describeRecurring(commandClass: object): RecurringDescriptor | undefined {
  return descriptors.get(commandClass);
}
