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

/** A row as an array, with the values in the order of `COLUMNS`. */
export type EventValues = readonly [
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

/** Whether the events of a page have their ids; those with personal fields always have. */
export type PageIds = 'with ids' | 'without ids';

/** Events of one stream, in version order. */
export interface PayloadPage {
  readonly events: readonly EventPayload[];
  /** Whether there were more when it was read. */
  readonly hasMore: boolean;
}

/** An event as stored in the log. Immutable once it is handed out. `data` and `metadata` are parsed on first access. */
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

  /**
   * By index: taking an array apart costs an object for each value.
   * @internal
   */
  constructor(
    values: EventValues,
    private decrypt?: Decrypt,
  ) {
    this.position = Number(values[0]);
    this.stream = values[1];
    this.version = Number(values[2]);
    this.eventId = values[3];
    this.type = values[4];
    this.schemaVersion = values[5];
    this.dataText = values[6];
    this.metadataText = values[7];
    this.actor = values[8];
    this.correlationId = values[9];
    this.recordedAtMs = Number(values[10]);
    this.decrypted = undefined;
    this.parsedData = undefined;
    this.parsedMetadata = undefined;
  }

  /** @internal */
  static of(row: EventRow, decrypt?: Decrypt): RecordedEvent {
    return new RecordedEvent(
      [
        row.position,
        row.stream,
        row.version,
        row.event_id,
        row.type,
        row.schema_version,
        row.data,
        row.metadata,
        row.actor,
        row.correlation_id,
        row.recorded_at,
      ],
      decrypt,
    );
  }

  /**
   * Sets how its personal fields are decrypted, before anybody reads them.
   * @internal
   */
  openWith(decrypt: Decrypt | undefined): void {
    this.decrypt = decrypt;
    this.decrypted = undefined;
    this.parsedData = undefined;
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
