import type { EntityManager } from 'typeorm';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import type { LeasedRow, SubscriptionRow } from '../states/subscription-row.js';
import type { NewestVersion } from './known-events.js';
import type { Run } from './run.js';

/** How events reach the handlers of one kind of subscription. */
export interface Delivery<Session extends DeliverySession = DeliverySession> {
  readonly newestVersion: NewestVersion;

  /**
   * Updates the row of state to match this program, in the transaction that claims the lease.
   * @param isAbandoned whether the previous owner did not release its lease: it may have crashed
   * @returns whether the subscription may run here
   */
  adopt(row: SubscriptionRow, manager: EntityManager, isAbandoned: boolean): Promise<boolean>;

  /** Begins to deliver. */
  open(run: Run, row: SubscriptionRow): Promise<Session>;
}

/** Deliveries under one lease. */
export interface DeliverySession {
  /**
   * Does what is due besides new events: retries of parked events, a rebuild.
   * @returns after how long more may be due, in ms
   */
  doDueWork(): Promise<number>;

  /**
   * Delivers events to the handler and moves the checkpoint.
   * @param upTo position reached after the last of the events
   * @param more whether more events are known to follow
   * @returns the committed position: `upTo`, or that of an earlier event when the handler takes long
   */
  deliver(events: readonly RecordedEvent[], upTo: number, more: boolean): Promise<number>;

  /**
   * Moves a poison event to the dead letters, or throws if this kind of subscription never skips.
   * @returns the committed position
   */
  skipPoison(event: RecordedEvent, deaths: number): Promise<number>;

  /** Called after the row of state was read: an operator or another process may have changed it. */
  rowChanged(row: LeasedRow): void;

  /** Called before the lease is released. */
  close(): Promise<void>;

  /** All events up to this position are delivered. The checkpoint may be behind, by events that do not match. */
  reached?(position: number): void;

  /**
   * Called when the attempts are used up. Waits for work in progress.
   * @returns whether another attempt is worthwhile
   */
  mayRecover?(): Promise<boolean>;
}
