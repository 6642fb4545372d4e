import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** A row of the event log. Adapters write and read it with set-based SQL. The database refuses updates and deletes. */
@Entity('leftfold_events')
@Unique('leftfold_events_stream_version', ['stream', 'version'])
@Index('leftfold_events_type_position', ['type', 'position'])
export class EventEntity {
  @PrimaryColumn({ type: 'bigint' })
  position: number;

  @Column({ type: 'text' })
  stream: string;

  @Column({ type: 'bigint' })
  version: number;

  @Column({ name: 'event_id', type: 'uuid', unique: true })
  eventId: string;

  @Column({ type: 'text' })
  type: string;

  @Column({ name: 'schema_version', type: 'integer' })
  schemaVersion: number;

  /** JSON, the exact text that was serialized. */
  @Column({ type: 'text' })
  data: string;

  /** JSON: causation id, command id, trace context, and the application's own metadata. */
  @Column({ type: 'text' })
  metadata: string;

  @Column({ type: 'text' })
  actor: string;

  @Column({ name: 'correlation_id', type: 'text' })
  correlationId: string;

  /** Milliseconds since 1970, UTC. Never decreases along positions. */
  @Column({ name: 'recorded_at', type: 'bigint' })
  recordedAt: number;

  /** Logical partition of the stream, 0 to 1023. */
  @Column({ type: 'integer' })
  partition: number;
}

/** A tag of an event, as an HMAC with the log's key. */
@Entity('leftfold_event_tags')
export class EventTagEntity {
  @PrimaryColumn({ type: 'text' })
  tag: string;

  @PrimaryColumn({ type: 'bigint' })
  position: number;
}

/** A stored command id, with the result of its append. */
@Entity('leftfold_commands')
export class CommandIdEntity {
  @PrimaryColumn({ name: 'command_id', type: 'uuid' })
  commandId: string;

  @Column({ type: 'bigint' })
  position: number;

  /** JSON: version of each stream after the append. */
  @Column({ type: 'text' })
  versions: string;

  @Column({ type: 'text', nullable: true })
  result: string | null;

  /** Hash of the command's content. */
  @Column({ type: 'text', nullable: true })
  fingerprint: string | null;

  /** When the id expires; null means never. */
  @Index('leftfold_commands_expires_at')
  @Column({ name: 'expires_at', type: 'bigint', nullable: true })
  expiresAt: number | null;

  @Column({ name: 'recorded_at', type: 'bigint' })
  recordedAt: number;
}

/** One row: the identity of this log, and its key for the HMAC of tags. */
@Entity('leftfold_event_log')
export class EventLogInfoEntity {
  @PrimaryColumn({ name: 'log_id', type: 'uuid' })
  logId: string;

  /** 32 bytes, base64url. */
  @Column({ name: 'tag_key', type: 'text' })
  tagKey: string;

  @Column({ name: 'created_at', type: 'bigint' })
  createdAt: number;

  /** How often stored events were given further tags. What was read by tags before does not count any more. */
  @Column({ name: 'tags_generation', type: 'bigint', default: 0 })
  tagsGeneration: number;

  /** How many chunks nodes of the version before have filled, from the beginning of the log; see `FILLED_CHUNKS`. */
  @Column({ name: 'look_up_chunks', type: 'integer', default: 0 })
  lookUpChunks: number;

  /** How many chunks this version has filled, in which rare values share rows. */
  @Column({ name: 'packed_chunks', type: 'integer', default: 0 })
  packedChunks: number;
}
