import type { ICommand } from '@nestjs/cqrs';

/** The latest time that a Date can hold, in ms since 1970; the earliest is as far in the past. */
const LATEST = 8.64e15;

/** When to execute a command: either `after` or `at`. */
export interface Schedule {
  /** Ms after the event was recorded that the saga reacts to; at least 0, and within the range of a Date. */
  readonly after?: number;
  /** The time itself. A time in the past means at once. */
  readonly at?: Date;
  /** Key of the schedule within this saga, so that it can be replaced and cancelled; 1 to 255 characters. */
  readonly key: string;
}

/** See `scheduled`. */
export class ScheduledCommand implements ICommand {
  /** A copy, so that later changes by the saga have no effect. */
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
    // Validates the schedule. The event's time, from which `after` counts, is not known yet.
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
 * Emitted by a saga for a command that is to be executed later. The database's clock counts; the command never runs
 * early. It survives restarts: a command that came due while no process ran is executed once one does. It runs
 * concurrently with its stream's commands, not in order with them. A new schedule with the same key replaces one that
 * is waiting.
 * @throws TypeError unless there is a key and exactly one of `after` and `at`, within the range of a Date
 */
export function scheduled(command: object, schedule: Schedule): ICommand {
  return new ScheduledCommand(command, schedule);
}

/**
 * Cancels what the saga has scheduled under this key, unless its execution has begun: exactly one of the two happens.
 */
export function cancelScheduled(key: string): ICommand {
  return new CancelledSchedule(key);
}

/**
 * Emitted by a saga for a command that a business rule may refuse. Then the compensation is executed in its place in
 * the order, and there is no dead letter. A fault is retried as usual.
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
 * When the command is due, in whole ms since 1970, within the range of a Date and so of both databases.
 * @param recordedAt when the event was recorded, in ms since 1970
 * @throws TypeError when the time is out of range
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
