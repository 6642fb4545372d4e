import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * `failing`: it has failed or its process has crashed, and the broker delivers it again. `dead`: an operator decides.
 * `retrying`: an operator has requested a retry. `discarded`: an operator has given it up; when it is delivered or
 * published again, nothing happens.
 */
export type InboxMessageState = 'failing' | 'dead' | 'retrying' | 'discarded';

/**
 * Messages of brokers that were not handled at once. One that was has no row: the log knows its command's id. Times are
 * ms since 1970, UTC.
 */
@Entity('leftfold_inbox_messages')
@Index('leftfold_inbox_messages_letter', ['letterId'], { unique: true })
@Index('leftfold_inbox_messages_due', ['dueAt'])
export class InboxMessageEntity {
  /** See `messageIdOf` and `placeIdOf`. */
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'text' })
  handler: string;

  @Column({ type: 'text' })
  subject: string;

  /** Type of the event; the subject when it is not known. */
  @Column({ type: 'text' })
  type: string;

  /** Stream of the broker. */
  @Column({ type: 'text' })
  stream: string;

  /** Place in that stream. */
  @Column({ type: 'bigint' })
  sequence: number;

  /** Base64; null once it is discarded. */
  @Column({ type: 'text', nullable: true })
  body: string | null;

  @Column({ type: 'text' })
  state: InboxMessageState;

  /** When it is retried, or when the current claim expires; set while it is `retrying`. */
  @Column({ name: 'due_at', type: 'bigint', nullable: true })
  dueAt: number | null;

  /** The process that retries it, or that crashed while doing so. */
  @Column({ name: 'claimed_by', type: 'text', nullable: true })
  claimedBy: string | null;

  /** Attempts that have begun, since the first delivery or since an operator requested a retry. */
  @Column({ type: 'integer' })
  tries: number;

  /** Those of them that are known to have failed. In the others, the process crashed. */
  @Column({ type: 'integer' })
  failures: number;

  /** Total number of attempts. */
  @Column({ type: 'integer' })
  attempts: number;

  /** Its id as a dead letter, a UUIDv7: letters are listed in the order in which they became dead letters. */
  @Column({ name: 'letter_id', type: 'text', nullable: true })
  letterId: string | null;

  @Column({ name: 'first_failed_at', type: 'bigint', nullable: true })
  firstFailedAt: number | null;

  @Column({ name: 'last_failed_at', type: 'bigint', nullable: true })
  lastFailedAt: number | null;

  @Column({ type: 'text', nullable: true })
  error: string | null;

  @Column({ type: 'text', nullable: true })
  stack: string | null;
}
