import type { LogSlice } from '../../event-log/event-log.js';

/** Events that are delivered alone, because one of them failed or may be a poison event. */
export class SuspectEvents {
  private poisonUpTo = 0;
  private failedUpTo = 0;
  /** Position of the event whose handler failed last. */
  private failed = 0;

  /** The handler of the event at this position failed. Those before it did not, so they stay together. */
  handlerFailedAt(position: number): void {
    this.failed = position;
  }

  /** An event up to this position failed, and it is not known which: every event up to there gets a transaction of its own. */
  failedAt(position: number): void {
    this.failedUpTo = Math.max(this.failedUpTo, position);
  }

  /** A process may have crashed on an event up to this position: each is counted before it is delivered. */
  suspectPoisonUpTo(position: number): void {
    this.poisonUpTo = position;
  }

  /** Whether the next event after this position is delivered alone. */
  mustBeAlone(position: number): boolean {
    return position < Math.max(this.failedUpTo, this.poisonUpTo);
  }

  /** What of a slice is delivered together: the events before the one that failed, or that one alone. */
  togetherIn({ events, upTo }: LogSlice): LogSlice {
    const failed = events.findIndex(({ position }) => position === this.failed);
    const count = failed < 0 ? events.length : Math.max(1, failed);
    const next = events[count];
    return next ? { events: events.slice(0, count), upTo: next.position - 1 } : { events, upTo };
  }

  /** Whether the event at this position is counted before it is delivered. */
  mayBePoison(position: number): boolean {
    return position <= this.poisonUpTo;
  }
}
