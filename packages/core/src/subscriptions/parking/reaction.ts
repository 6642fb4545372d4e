import type { EntityManager } from 'typeorm';
import type { RecordedEvent } from '../../event-log/recorded-event.js';

/** What a side effect or a saga does with an event. Consequences are what is then left to be stored, such as commands. */
export interface Reaction<Consequence> {
  /** How long the checkpoint may stay behind what was done, in ms: a process that crashes does that again. */
  readonly longestUncommitted: number;

  /** Handles one event; what it throws is the failure of that event. */
  handle(event: object, recorded: RecordedEvent): Promise<Consequence[]>;

  /** Stores consequences within the transaction that says that their events are handled. */
  store(manager: EntityManager, consequences: readonly Consequence[]): Promise<void>;

  /** Consequences have been committed. */
  committed(): void;
}
