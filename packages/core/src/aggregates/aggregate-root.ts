import type { JsonObject } from '../events/json.js';

/** How the kernel reaches into an aggregate; not for domain code. */
export const KERNEL = Symbol('leftfold.kernel');

/** What the kernel reads and does to an aggregate. */
export interface AggregateInternals<E extends object> {
  /** Folds a stored event; one that was dropped only counts. */
  // A method, so that an aggregate without events yet is an aggregate of whatever events, too.
  replay(this: void, event: E | undefined, version: number, position: number): void;
  /** Events that were decided and are not stored yet. */
  readonly pending: readonly E[];
  /** Position of the last stored event, 0 for a new aggregate. */
  readonly position: number;
  takeSnapshot: () => JsonObject;
  /** Goes on from a snapshot. */
  restore: (state: JsonObject) => void;
}

/**
 * State as a left fold over events. Methods decide, and `apply` what they decided; `evolve` alone changes state.
 * Constructed by the kernel with the id alone: initial state belongs in field initializers.
 */
export abstract class AggregateRoot<E extends object> {
  // Of the language's own privacy: whatever an aggregate calls its fields, none is one of these.
  #stored = 0;
  #position = 0;
  readonly #decided: E[] = [];

  /** @param id stands behind the category in the name of the stream */
  constructor(readonly id: string) {}

  /** Version of the last stored event; 0 for a new aggregate. */
  get version(): number {
    return this.#stored;
  }

  /** Records a decision, and evolves the state by it. */
  protected apply(event: E): void {
    this.evolve(event);
    this.#decided.push(event);
  }

  /** Changes the state by one event: a `switch` over `event.type`, closed by `unreachable(event)`. Never refuses. */
  protected abstract evolve(event: E): void;

  /** The whole state as plain JSON. For aggregates that declare a `snapshotVersion`. */
  protected takeSnapshot(): JsonObject {
    throw new Error(`${this.constructor.name} has a snapshotVersion and no takeSnapshot. Add it, and restoreSnapshot.`);
  }

  /** Puts back what `takeSnapshot` took. */
  protected restoreSnapshot(_state: JsonObject): void {
    throw new Error(`${this.constructor.name} has a snapshotVersion and no restoreSnapshot. Add it.`);
  }

  get [KERNEL](): AggregateInternals<E> {
    return {
      replay: (event, version, position) => {
        if (event) this.evolve(event);
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
