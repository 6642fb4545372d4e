import { type JsonObject, decodeJson } from '../events/json.js';
import type { Decrypted, ReadField } from '../personal-data/decrypt-fields.js';
import type { SubjectKeys } from '../personal-data/key-store.js';
import type { Decrypt } from '../personal-data/personal-fields-cipher.js';
import type { EventMetadata } from '../events/metadata.js';
import { categoryOf } from './stream-name.js';

/** A row of the event log as both databases return it. */
export interface EventRow {
  readonly position: number | string;
  readonly stream: string;
  readonly version: number | string;
  readonly event_id: string;
  readonly type: string;
  readonly schema_version: number;
  readonly data: string;
  readonly metadata: string;
  readonly actor: string;
  readonly correlation_id: string;
  readonly recorded_at: number | string;
}

/** A row as an array, with the values in the order of `COLUMNS`. By index: taking an array apart costs an object for each value. */
export function rowOf(values: readonly unknown[]): EventRow {
  const row = values as EventValues;
  return {
    position: row[0],
    stream: row[1],
    version: row[2],
    event_id: row[3],
    type: row[4],
    schema_version: row[5],
    data: row[6],
    metadata: row[7],
    actor: row[8],
    correlation_id: row[9],
    recorded_at: row[10],
  };
}

type EventValues = readonly [
  number | string,
  string,
  number | string,
  string,
  string,
  number,
  string,
  string,
  string,
  string,
  number | string,
];

/** What a fold needs of an event. */
export interface EventPayload {
  readonly position: number;
  readonly version: number;
  /** Undefined when the page was read without ids. */
  readonly eventId: string | undefined;
  readonly type: string;
  readonly schemaVersion: number;
  readonly dataText: string;
  /** For data with personal fields. */
  readonly decrypt?: Decrypt;
}

/** A stored event whose class has the schema version that is stored, with its data parsed. */
export interface CurrentEvent {
  readonly prototype: object;
  readonly data: JsonObject;
  /** The keys of its personal fields that were used. */
  readonly keys?: SubjectKeys;
}

/** Events of one stream, in version order. */
export interface PayloadPage {
  readonly events: readonly EventPayload[];
  /** There may be more. */
  readonly isFull: boolean;
}

/** An event as stored in the log. Immutable. `data` and `metadata` are parsed on first access. */
export class RecordedEvent {
  /** Place in the global order, from 1, without holes. */
  readonly position: number;
  readonly stream: string;
  /** Place in its stream, from 1, without holes. */
  readonly version: number;
  readonly eventId: string;
  readonly type: string;
  readonly schemaVersion: number;
  /** The exact text that is stored, where personal fields are encrypted. `data` has them in plain form. */
  readonly dataText: string;
  /** The exact text that was serialized; the actor and the correlation id are not in it. */
  readonly metadataText: string;
  readonly actor: string;
  readonly correlationId: string;
  private readonly recordedAtMs: number;
  private decrypted: Decrypted | undefined;
  private parsedData: JsonObject | undefined;
  private parsedMetadata: EventMetadata | undefined;

  /** @internal */
  constructor(
    row: EventRow,
    private readonly decrypt?: Decrypt,
  ) {
    this.position = Number(row.position);
    this.stream = row.stream;
    this.version = Number(row.version);
    this.eventId = row.event_id;
    this.type = row.type;
    this.schemaVersion = row.schema_version;
    this.dataText = row.data;
    this.metadataText = row.metadata;
    this.actor = row.actor;
    this.correlationId = row.correlation_id;
    this.recordedAtMs = Number(row.recorded_at);
    this.decrypted = undefined;
    this.parsedData = undefined;
    this.parsedMetadata = undefined;
  }

  /** Personal fields are in plain form; those of a forgotten subject are absent. @throws UnreadableFieldError */
  get data(): JsonObject {
    return (this.parsedData ??= this.opened()?.data ?? decodeJson<JsonObject>(this.dataText));
  }

  /**
   * Paths of the personal fields that are absent because their subject is forgotten; undefined when there are none.
   * @throws UnreadableFieldError
   */
  get forgotten(): readonly string[] | undefined {
    const paths = this.opened()?.forgotten ?? [];
    return paths.length > 0 ? paths : undefined;
  }

  /** The personal fields, also the absent ones. @throws UnreadableFieldError */
  get personalFields(): readonly ReadField[] {
    return this.opened()?.fields ?? [];
  }

  get metadata(): EventMetadata {
    return (this.parsedMetadata ??= {
      actor: this.actor,
      correlationId: this.correlationId,
      ...decodeJson<Omit<EventMetadata, 'actor' | 'correlationId'>>(this.metadataText),
    });
  }

  get recordedAt(): Date {
    return new Date(this.recordedAtMs);
  }

  get category(): string {
    return categoryOf(this.stream);
  }

  private opened(): Decrypted | undefined {
    return (this.decrypted ??= this.decrypt?.());
  }
}
