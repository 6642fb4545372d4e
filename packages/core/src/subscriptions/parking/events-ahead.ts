import type { RecordedEvent } from '../../event-log/recorded-event.js';
import type { Attempt } from './handler-attempts.js';

/** Not tried, because an earlier event of its stream was not handled, or the lease may have expired. */
export type NotTried = { readonly notTried: true };
export type Outcome<Consequence> = Attempt<Consequence> | NotTried;

const NOT_TRIED: NotTried = { notTried: true };

/**
 * Attempts at the events of a batch, several at a time: those of one stream one after the other, in order. Outcomes are
 * taken in the order of the batch, so that the checkpoint never passes an event that is not done.
 */
export class EventsAhead<Consequence> {
  private readonly outcomes: Promise<Outcome<Consequence>>[] = [];
  private readonly lastOf = new Map<string, Promise<Outcome<Consequence>>>();
  private stopped = false;

  /**
   * @param concurrency the most events that are tried at the same time, from 1
   * @param mayStart asked right before each attempt
   */
  constructor(
    private readonly events: readonly RecordedEvent[],
    private readonly concurrency: number,
    private readonly attempt: (event: RecordedEvent) => Promise<Attempt<Consequence>>,
    private readonly mayStart: (event: RecordedEvent) => boolean,
  ) {}

  /** Whether no further events are started by themselves. */
  get hasStopped(): boolean {
    return this.stopped;
  }

  /** How many events were started; the outcomes of all of them must be taken. */
  get started(): number {
    return this.outcomes.length;
  }

  /** The outcome of one event. Starts the next ones. */
  async outcomeOf(index: number): Promise<Outcome<Consequence>> {
    const last = this.stopped ? index + 1 : index + this.concurrency;
    while (this.outcomes.length < Math.min(last, this.events.length)) this.start(this.events[this.outcomes.length]!);
    return this.outcomes[index]!;
  }

  /** Starts no further events, unless their outcomes are asked for. */
  stop(): void {
    this.stopped = true;
  }

  /** Waits for the events that were started, whatever becomes of them. */
  async settled(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.outcomes);
  }

  private start(event: RecordedEvent): void {
    const outcome = this.after(this.lastOf.get(event.stream), event);
    this.outcomes.push(outcome);
    this.lastOf.set(event.stream, outcome);
  }

  private async after(
    previous: Promise<Outcome<Consequence>> | undefined,
    event: RecordedEvent,
  ): Promise<Outcome<Consequence>> {
    if (previous && !('consequences' in (await previous))) return NOT_TRIED;
    return this.mayStart(event) ? this.attempt(event) : NOT_TRIED;
  }
}
