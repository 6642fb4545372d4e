import { decodeJson, encodeJson, type JsonObject } from '../events/json.js';
import type { EventPayload } from '../event-log/recorded-event.js';
import type { SubjectKeys } from '../personal-data/key-store.js';
import { type SealedCopies, type SealedCopy, sealWith } from '../personal-data/sealed-copies.js';

/** What a state takes beside its texts, as estimated, in bytes. */
const SIZE = 500;

/** A state that could be read, with the keys of the personal data in it. */
export interface OpenedState {
  readonly state: JsonObject;
  readonly keys: SubjectKeys;
}

/**
 * The state of an aggregate after an event, in memory. It has the form of a stored snapshot: with personal data in it, it
 * is encrypted with the keys that were used to read them. So nobody can read it once a subject is forgotten.
 */
export class KeptState {
  private constructor(
    /** The last event that it includes. */
    readonly end: EventPayload,
    private readonly text: string | SealedCopy,
    /** Version of the last stored snapshot of the aggregate. */
    public lastSnapshot: number,
  ) {}

  /**
   * @param keys of all personal data that the state may hold
   * @throws Error when the aggregate can't take a snapshot; UnstorableValueError
   */
  static of(end: EventPayload, takeSnapshot: () => object, keys: SubjectKeys, lastSnapshot: number): KeptState {
    const json = encodeJson(takeSnapshot(), 'snapshot');
    // Without `decrypt`, which has the keys.
    const { decrypt: _, ...event } = end;
    return new KeptState(event, keys.size === 0 ? json : sealWith(json, keys, boundTo(end)), lastSnapshot);
  }

  /** About what it takes in memory, in bytes. */
  get size(): number {
    const length = typeof this.text === 'string' ? this.text.length : this.text.copy.length;
    return SIZE + 2 * (length + this.end.dataText.length);
  }

  /** @returns undefined when a subject is forgotten */
  async open(copies: SealedCopies): Promise<OpenedState | undefined> {
    if (typeof this.text === 'string') return { state: decodeJson(this.text), keys: new Map() };
    const opened = await copies.readSealed(this.text, boundTo(this.end));
    return opened && { state: decodeJson(opened.text), keys: opened.keys };
  }
}

function boundTo({ eventId }: EventPayload): string {
  return `kept ${eventId}`;
}
