import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The row of state of a read model; it lives in the database that its rows commit to. Times are ms since 1970, UTC. */
@Entity('read_models')
export class ReadModelStateEntity {
  @PrimaryColumn({ type: 'text' })
  name: string;

  /** Version of the projection that filled it. */
  @Column({ type: 'integer' })
  version: number;

  /** The log that it was filled from. */
  @Column({ name: 'log_id', type: 'text' })
  logId: string;

  /** Everything up to here is in the rows. */
  @Column({ type: 'bigint' })
  position: number;

  /** Id of the last event that was handled. */
  @Column({ name: 'event_id', type: 'text', nullable: true })
  eventId: string | null;

  @Column({ type: 'bigint' })
  handled: number;

  /** The process that may write now. */
  @Column({ type: 'text', nullable: true })
  owner: string | null;

  /** Raised with every change of owner; a write that carries an older one is refused. */
  @Column({ type: 'bigint' })
  epoch: number;

  @Column({ name: 'expires_at', type: 'bigint' })
  expiresAt: number;

  /** Why it stopped; null while it runs. */
  @Column({ name: 'last_error', type: 'text', nullable: true })
  lastError: string | null;
}
