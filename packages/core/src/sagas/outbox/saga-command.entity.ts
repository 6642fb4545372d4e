import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * `waiting`: an earlier one of its line is not done. `scheduled`: its time has not come, or has just come; until somebody has
 * taken it, it may be cancelled. `ready`: it may be executed. `retrying`: it failed, and is tried again when it is due.
 * `dead`: an operator decides.
 */
export type SagaCommandState = 'waiting' | 'scheduled' | 'ready' | 'retrying' | 'dead';

/** The outbox of sagas: commands that are not done. Times are ms since 1970, UTC. */
@Entity('leftfold_saga_commands')
@Index('leftfold_saga_commands_line', ['saga', 'line', 'position', 'place'])
@Index('leftfold_saga_commands_due', ['dueAt'])
@Index('leftfold_saga_commands_turn', ['turn'], { where: 'due_at is not null' })
@Index('leftfold_saga_commands_party', ['party', 'turn'])
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

  /** Place among the commands that this event caused, from 0. */
  @Column({ type: 'integer' })
  place: number;

  /**
   * Where it stands in line: the commands of a saga with the same line run one after the other, by position and place. It is
   * the stream, until the command is refused for good: then it has left the line, and runs beside it if it is retried. What is
   * scheduled stands in none.
   */
  @Column({ type: 'text', nullable: true })
  line: string | null;

  /** Stored name of the command. */
  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'integer' })
  version: number;

  @Column({ type: 'text' })
  data: string;

  @Column({ name: 'correlation_id', type: 'text' })
  correlationId: string;

  /** Whose turn it takes: the actor of the event, or the correlation id where a saga is the actor. */
  @Column({ type: 'text', default: '' })
  party: string;

  /** When it is its turn among those that are due; see `turnsOfParties`. */
  @Column({ type: 'bigint', default: 0 })
  turn: number;

  /** Id of the event that caused it. */
  @Column({ name: 'causation_id', type: 'text' })
  causationId: string;

  @Column({ type: 'text', nullable: true })
  traceparent: string | null;

  /** JSON: what the application keeps in the metadata of that event. */
  @Column({ type: 'text', nullable: true })
  custom: string | null;

  @Column({ type: 'text' })
  state: SagaCommandState;

  /** When it may be taken: at once, after a pause, or when whoever has taken it has been silent for too long. */
  @Column({ name: 'due_at', type: 'bigint', nullable: true })
  dueAt: number | null;

  /** The process that executes it, or died of it. */
  @Column({ name: 'claimed_by', type: 'text', nullable: true })
  claimedBy: string | null;

  /** How often it was taken, since it was emitted or an operator asked for a retry. */
  @Column({ type: 'integer', default: 0 })
  tries: number;

  /** How often, of these, the process did not come back from it. */
  @Column({ type: 'integer', default: 0 })
  deaths: number;

  /** How often it was taken in all. */
  @Column({ type: 'integer', default: 0 })
  attempts: number;

  /** Its id as a dead letter, a UUIDv7: letters are listed in the order in which they first died. */
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

  /** Under which it was scheduled. */
  @Column({ name: 'schedule_key', type: 'text', nullable: true })
  scheduleKey: string | null;

  /** The command that takes its place when it is refused. */
  @Column({ name: 'otherwise_id', type: 'text', nullable: true })
  otherwiseId: string | null;

  @Column({ name: 'otherwise_name', type: 'text', nullable: true })
  otherwiseName: string | null;

  @Column({ name: 'otherwise_version', type: 'integer', nullable: true })
  otherwiseVersion: number | null;

  @Column({ name: 'otherwise_data', type: 'text', nullable: true })
  otherwiseData: string | null;
}
