import type { EntityManager } from 'typeorm';
import type { RecordedEvent } from '../../event-log/recorded-event.js';

/** How a side effect or a saga handles an event. Consequences are what must be stored afterwards, such as commands. */
export interface Reaction<Consequence> {
  /** How long a handled event may stay uncommitted, in ms. After a crash, uncommitted events are handled again. */
  readonly longestUncommitted: number;
  /** The most events, of different streams, that are handled at the same time; 1 when left out. */
  readonly concurrency?: number;
  /** Handles events as they are stored: it is called without the events that upcasters make of them. */
  readonly takesStored?: boolean;

  /** Handles one stored event: all events that upcasters make of it. An error is that stored event's failure. */
  handle(events: readonly object[], recorded: RecordedEvent): Promise<Consequence[]>;

  /** Stores consequences in the transaction that commits their events as handled. */
  store(manager: EntityManager, consequences: readonly Consequence[]): Promise<void>;

  /** Called after consequences were committed. */
  committed(): void;

  /** Called before this process gives up the subscription. */
  close?(): Promise<void>;
}
