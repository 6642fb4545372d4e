import type { EntityManager } from 'typeorm';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import type { SubscriptionRow } from '../states/subscription-row.js';
import type { Run } from './run.js';

/** How events reach the handlers of one kind of subscription. */
export interface Delivery<Session extends DeliverySession = DeliverySession> {
  /**
   * Brings the row of state in line with this program, in the transaction that claims the lease.
   * @returns whether the subscription may run here
   */
  adopt(row: SubscriptionRow, manager: EntityManager): Promise<boolean>;

  /** Begins to deliver. @param abandoned whether the previous owner did not release its lease: it may have crashed */
  open(run: Run, row: SubscriptionRow, abandoned: boolean): Promise<Session>;
}

/** Deliveries under one lease. */
export interface DeliverySession {
  /**
   * Does what is due besides new events: retries of parked events, a rebuild.
   * @returns after how long more may be due, in ms
   */
  doDueWork(): Promise<number>;

  /**
   * Hands events to the handler, and moves the checkpoint.
   * @param upTo position that is reached with the last of the events
   * @returns the position that is committed: `upTo`, or that of an earlier event when the handler takes long
   */
  deliver(events: readonly RecordedEvent[], upTo: number): Promise<number>;

  /**
   * Moves a poison event to the dead letters, or throws if this kind of subscription never skips.
   * @returns the position that is committed
   */
  skipPoison(event: RecordedEvent, deaths: number): Promise<number>;

  /** The row of state was read again: an operator or another process may have changed it. */
  rowChanged(row: SubscriptionRow): void;

  /** Before the lease is given back. */
  close(): Promise<void>;

  /** Everything up to this position is delivered; the checkpoint may be behind, by events of others. */
  reached?(position: number): void;

  /**
   * The attempts are used up. Waits for what is under way.
   * @returns whether that makes another attempt worthwhile
   */
  mayRecover?(): Promise<boolean>;
}
