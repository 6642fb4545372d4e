import type { JsonObject } from '../events/json.js';
import { detached } from '../events/own-data.js';
import { normaliseId } from './aggregate-id.js';

/** Gives the kernel access to an aggregate's internals. Not for domain code. */
export const KERNEL = Symbol('leftfold.kernel');

/** What the kernel reads from an aggregate and does to it. */
export interface AggregateInternals<E extends object> {
  /** Folds what a stored event is today: one event or several. A dropped event only raises the version. */
  // A method, so that an aggregate without events is assignable to one with any events.
  replay(this: void, events: readonly E[], version: number, position: number): void;
  /** The same for an event that is one event today. */
  replayOne(this: void, event: E, version: number, position: number): void;
  /** Events that were decided and are not stored yet. */
  readonly pending: readonly E[];
  /** Position of the last stored event, 0 for a new aggregate. */
  readonly position: number;
  takeSnapshot: () => JsonObject;
  /** Restores the state from a snapshot. */
  restore: (state: JsonObject) => void;
}

/**
 * State as a left fold over events. Methods decide and call `apply` with the new event; only `evolve` changes state.
 * The kernel constructs an aggregate with the id alone, so initial state belongs in field initializers.
 */
export abstract class AggregateRoot<E extends object> {
  // A `#private` field can't clash with a field that the aggregate declares.
  #stored = 0;
  #position = 0;
  readonly #decided: E[] = [];

  /** The part of the stream's name after the category, in Unicode normal form C; see `normaliseId`. */
  readonly id: string;

  /** @param id in any Unicode form */
  constructor(id: string) {
    this.id = normaliseId(id);
  }

  /** Version of the last stored event; 0 for a new aggregate. */
  get version(): number {
    return this.#stored;
  }

  /**
   * Records a new event and evolves the state with it. It is recorded as it is now: the state may take a list of the event,
   * and add to it later.
   */
  protected apply(event: E): void {
    const recorded = detached(event);
    this.evolve(event);
    this.#decided.push(recorded);
  }

  /**
   * Changes the state by one event: a `switch` over `event.type`, closed with `unreachable(event)`. Never refuses an
   * event.
   */
  protected abstract evolve(event: E): void;

  /** The whole state as plain JSON. For aggregates that declare a `snapshotVersion`. */
  protected takeSnapshot(): JsonObject {
    throw new Error(`${this.constructor.name} has a snapshotVersion and no takeSnapshot. Add it, and restoreSnapshot.`);
  }

  /** Restores what `takeSnapshot` returned. */
  protected restoreSnapshot(_state: JsonObject): void {
    throw new Error(`${this.constructor.name} has a snapshotVersion and no restoreSnapshot. Add it.`);
  }

  get [KERNEL](): AggregateInternals<E> {
    return {
      replay: (events, version, position) => {
        for (const event of events) this.evolve(event);
        this.#stored = version;
        this.#position = position;
      },
      replayOne: (event, version, position) => {
        this.evolve(event);
        this.#stored = version;
        this.#position = position;
      },
      pending: this.#decided,
      position: this.#position,
      takeSnapshot: () => this.takeSnapshot(),
      restore: (state) => this.restoreSnapshot(state),
    };
  }
}
