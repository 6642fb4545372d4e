import type { ICommand } from '@nestjs/cqrs';

/** The latest time that a Date can hold, in ms since 1970; the earliest is as far in the past. */
const LATEST = 8.64e15;

/** When a command is to be executed: either `after` or `at`. */
export interface Schedule {
  /** Ms from the moment at which the event was recorded that the saga reacts to; from 0, and no further than a Date goes. */
  readonly after?: number;
  /** The moment itself. In the past means at once. */
  readonly at?: Date;
  /** Names it among the schedules of this saga, so that it can be replaced and cancelled; 1 to 255 characters. */
  readonly key: string;
}

/** See `scheduled`. */
export class ScheduledCommand implements ICommand {
  /** A copy: what the saga changes afterwards does not count. */
  readonly schedule: Schedule;

  constructor(
    readonly command: object,
    { after, at, key }: Schedule,
  ) {
    refuseWrapped('scheduled', command);
    if ((after === undefined) === (at === undefined)) throw new TypeError('Schedule a command either after or at.');
    if (after !== undefined && !(Number.isFinite(after) && after >= 0)) {
      throw new TypeError(`A command is scheduled after a number of ms from 0 on, not after ${after}.`);
    }
    checkKey(key);
    // The time of the event, which is added to it, is not known yet.
    dueTime({ after, at, key }, 0);
    this.schedule = at ? { at: new Date(at), key } : { after, key };
  }
}

/** See `cancelScheduled`. */
export class CancelledSchedule implements ICommand {
  constructor(readonly key: string) {
    checkKey(key);
  }
}

/** See `orElse`. */
export class CommandOrElse implements ICommand {
  constructor(
    readonly command: object,
    readonly compensation: object,
  ) {
    refuseWrapped('orElse', command);
    refuseWrapped('orElse', compensation);
  }
}

/**
 * What a saga emits for a command that is to be executed later, by the database's clock, and no earlier. It survives restarts; one
 * that came due while nobody ran is executed once somebody does, beside the commands of its stream and not in line with
 * them. Scheduling under a key that is waiting replaces what waits.
 * @throws TypeError unless there is one of `after` and `at` with a time that a Date holds, and a key
 */
export function scheduled(command: object, schedule: Schedule): ICommand {
  return new ScheduledCommand(command, schedule);
}

/** Takes back what the saga has scheduled under this key, unless it has been begun: exactly one of the two happens. */
export function cancelScheduled(key: string): ICommand {
  return new CancelledSchedule(key);
}

/**
 * What a saga emits for a command that may be refused for good by a rule: then the compensation is executed in its place in
 * line, and there is no dead letter. A fault is tried again as ever.
 */
export function orElse(command: object, compensation: object): ICommand {
  return new CommandOrElse(command, compensation);
}

function refuseWrapped(by: string, command: object): void {
  if (command instanceof ScheduledCommand || command instanceof CancelledSchedule || command instanceof CommandOrElse) {
    throw new TypeError(`${by} takes plain commands; what is scheduled, cancelled or compensated stands alone.`);
  }
}

/**
 * When the command is due, in whole ms since 1970: a time that a Date holds, and so both databases.
 * @param recordedAt when the event was recorded, in ms since 1970
 * @throws TypeError when there is no such time
 */
export function dueTime({ after, at }: Schedule, recordedAt: number): number {
  if (at !== undefined && !(at instanceof Date && !Number.isNaN(at.getTime()))) {
    throw new TypeError('A command is scheduled at a valid time, a Date.');
  }
  const due = Math.ceil(at ? at.getTime() : recordedAt + after!);
  if (!(Math.abs(due) <= LATEST)) {
    throw new TypeError(
      `A command can't be scheduled after ${after} ms: no Date holds that time. Give a shorter time, in ms.`,
    );
  }
  return due;
}

function checkKey(key: string): void {
  if (typeof key !== 'string' || !/^[^\p{Cc}\p{Cs}]{1,255}$/u.test(key)) {
    throw new TypeError('The key of a schedule has 1 to 255 printable characters.');
  }
}
