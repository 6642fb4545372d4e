import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * `waiting`: an earlier command with its ordering key is not done. `scheduled`: its time has not come, or has come but no process
 * has claimed it yet; it can still be cancelled. `ready`: it can be executed. `retrying`: it failed, and is retried
 * when it is due. `dead`: an operator decides.
 */
export type SagaCommandState = 'waiting' | 'scheduled' | 'ready' | 'retrying' | 'dead';

/** The outbox of sagas: commands that are not finished. Times are ms since 1970, UTC. */
@Entity('leftfold_saga_commands')
@Index('leftfold_saga_commands_line', ['saga', 'orderingKey', 'position', 'index'])
@Index('leftfold_saga_commands_due', ['dueAt'])
@Index('leftfold_saga_commands_ready', ['virtualTime', 'position', 'index'], {
  where: `due_at is not null and state <> 'scheduled'`,
})
@Index('leftfold_saga_commands_scheduled', ['dueAt'], { where: `state = 'scheduled'` })
@Index('leftfold_saga_commands_party', ['fairnessKey', 'virtualTime'])
@Index('leftfold_saga_commands_schedule', ['saga', 'scheduleKey'])
@Index('leftfold_saga_commands_letter', ['letterId'], { unique: true })
export class SagaCommandEntity {
  /** Id under which it is executed; see `commandIdOf`. */
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'text' })
  saga: string;

  /** Stream of the event that caused it. */
  @Column({ type: 'text' })
  stream: string;

  /** Position of that event. */
  @Column({ type: 'bigint' })
  position: number;

  /** Index among the commands that this event caused, from 0. */
  @Column({ name: 'place', type: 'integer' })
  index: number;

  /**
   * The commands of a saga with the same ordering key run one after the other, by position and index. It is the stream.
   * A command that is refused for good loses its key, and a retry runs it concurrently. Scheduled commands have none.
   */
  @Column({ name: 'line', type: 'text', nullable: true })
  orderingKey: string | null;

  /** Stored name of the command. */
  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'integer' })
  version: number;

  @Column({ type: 'text' })
  data: string;

  @Column({ name: 'correlation_id', type: 'text' })
  correlationId: string;

  /** The actor of the event, or the correlation id if the actor is a saga; empty if scheduled. See `FairOrder`. */
  @Column({ name: 'party', type: 'text', default: '' })
  fairnessKey: string;

  /** Due commands are claimed in the order of these times; in ms since 1970. See `FairOrder`. */
  @Column({ name: 'turn', type: 'bigint', default: 0 })
  virtualTime: number;

  /** Id of the event that caused it. */
  @Column({ name: 'causation_id', type: 'text' })
  causationId: string;

  @Column({ type: 'text', nullable: true })
  traceparent: string | null;

  /** JSON: the application's metadata of that event. */
  @Column({ type: 'text', nullable: true })
  custom: string | null;

  @Column({ type: 'text' })
  state: SagaCommandState;

  /** When it can be claimed: at once, after a backoff, or when the current claim expires. */
  @Column({ name: 'due_at', type: 'bigint', nullable: true })
  dueAt: number | null;

  /** The process that executes it, or that crashed while doing so. */
  @Column({ name: 'claimed_by', type: 'text', nullable: true })
  claimedBy: string | null;

  /** Number of claims since it was emitted, or since an operator requested a retry. */
  @Column({ type: 'integer', default: 0 })
  tries: number;

  /** Number of these claims that ended with a crash or a freeze of the process. */
  @Column({ type: 'integer', default: 0 })
  deaths: number;

  /** Total number of claims. */
  @Column({ type: 'integer', default: 0 })
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

  /** Key of its schedule. */
  @Column({ name: 'schedule_key', type: 'text', nullable: true })
  scheduleKey: string | null;

  /** Id of its compensation. */
  @Column({ name: 'otherwise_id', type: 'text', nullable: true })
  compensationId: string | null;

  @Column({ name: 'otherwise_name', type: 'text', nullable: true })
  compensationName: string | null;

  @Column({ name: 'otherwise_version', type: 'integer', nullable: true })
  compensationVersion: number | null;

  @Column({ name: 'otherwise_data', type: 'text', nullable: true })
  compensationData: string | null;
}
