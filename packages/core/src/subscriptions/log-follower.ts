import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type EventFilter, matches } from '../event-log/event-filter.js';
import { EventLog, type LogSlice } from '../event-log/event-log.js';
import { LogTail } from './log-tail.js';

/** From where on to follow the log, and which of its events; all of them when nothing is said. */
export interface FollowOptions extends EventFilter {
  /** Position after which to begin; 0 for the beginning of the log. */
  readonly after: number;
  /** Ends it, at once when it waits. */
  readonly signal: AbortSignal;
  /** The most events of a slice; 100 when left out. */
  readonly limit?: number;
}

const LIMIT = 100;
/** How long it waits for something new before it looks by itself, in ms. */
const LONGEST_WAIT = 1_000;

/**
 * Reads the log from a position on and then goes on with what comes, in order and without a gap, for as long as somebody
 * asks for the next slice. It keeps no place: whoever follows does.
 */
@Injectable()
export class LogFollower {
  constructor(
    private readonly log: EventLog,
    private readonly tail: LogTail,
  ) {}

  /**
   * Slices of what meets the filter; also empty ones, to tell how far it looked. Ends without an error when the signal is
   * given, or when the application ends.
   * @throws EventLogUnavailableError
   */
  async *follow({ after, signal, limit = LIMIT, ...filter }: FollowOptions): AsyncGenerator<LogSlice, void, undefined> {
    let position = after;
    while (!signal.aborted && !this.tail.hasEnded) {
      const slice =
        this.remembered(position, limit, filter) ?? (await this.log.readAll({ after: position, limit, ...filter }));
      if (slice.upTo > position) {
        position = slice.upTo;
        yield slice;
        // SQLite, and what is in memory, answer without giving anybody else a turn.
        await nextTurn();
      } else {
        await this.tail.changed(position, LONGEST_WAIT, signal);
      }
    }
  }

  /** At the head, what this process has just read for all who follow; undefined where that is not in memory any more. */
  private remembered(after: number, limit: number, filter: EventFilter): LogSlice | undefined {
    const events = this.tail.slice(after, limit);
    if (!events) return undefined;
    return { events: events.filter((event) => matches(event, filter)), upTo: events.at(-1)?.position ?? after };
  }
}
