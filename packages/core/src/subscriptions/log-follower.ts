import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { checkReadAll } from '../event-log/checks/check-read.js';
import { type EventFilter, matches } from '../event-log/event-filter.js';
import { EventLog, type LogSlice } from '../event-log/event-log.js';
import { LogTail } from './log-tail.js';

/** Where to begin to follow the log, and which events to return; all when no filter is given. */
export interface FollowOptions extends EventFilter {
  /** Position to begin after; 0 for the beginning of the log. */
  readonly after: number;
  /** Ends it, even while it waits. */
  readonly signal: AbortSignal;
  /** The most events per slice, 1 to 10,000; 100 when left out. */
  readonly limit?: number;
}

const LIMIT = 100;
/** How long it waits for a signal before it polls, in ms. */
const LONGEST_WAIT = 1_000;

/**
 * Reads the log from a position on and then follows new events, in order and without gaps, as long as the caller
 * requests the next slice. It stores no checkpoint; the caller does.
 */
@Injectable()
export class LogFollower {
  constructor(
    private readonly log: EventLog,
    private readonly tail: LogTail,
  ) {}

  /**
   * Slices of matching events. Empty slices report how far it has read. Ends without an error when the signal aborts or
   * the application shuts down.
   * @throws InvalidReadError when it is asked for the first slice, EventLogUnavailableError
   */
  async *follow({ after, signal, limit = LIMIT, ...filter }: FollowOptions): AsyncGenerator<LogSlice, void, undefined> {
    // What is in memory is answered without the log, which checks what it reads.
    checkReadAll({ after, limit, ...filter });
    let position = after;
    while (!signal.aborted && !this.tail.hasEnded) {
      const slice =
        this.remembered(position, limit, filter) ?? (await this.log.readAll({ after: position, limit, ...filter }));
      if (slice.upTo > position) {
        position = slice.upTo;
        yield slice;
        // SQLite and memory answer synchronously, so yield to the event loop.
        await nextTurn();
      } else {
        await this.tail.changed(position, LONGEST_WAIT, signal);
      }
    }
  }

  /**
   * At the head: events that this process has just read for all followers; undefined if they are no longer in memory.
   */
  private remembered(after: number, limit: number, filter: EventFilter): LogSlice | undefined {
    const events = this.tail.slice(after, limit);
    if (!events) return undefined;
    return { events: events.filter((event) => matches(event, filter)), upTo: events.at(-1)?.position ?? after };
  }
}
