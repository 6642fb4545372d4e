import { decodeJson, type JsonObject } from '../events/json.js';
import { type Decrypted, decryptFields, UnreadableFieldError } from './decrypt-fields.js';
import { type Enveloped, mayBeEnveloped, openEnvelope } from './envelope.js';
import { encryptFields } from './encrypt-fields.js';
import type { KeyRing } from './key-ring.js';
import type { KeyState } from './key-store.js';
import type { Forgetting } from './personal-data.js';
import type { ContentPart, EncryptedContent } from './personal-content.js';

/** What is needed of a stored event. */
export interface StoredContent {
  readonly position: number;
  readonly eventId: string;
  readonly type: string;
  readonly dataText: string;
}

/** A stored event. */
interface TypedEvent {
  readonly type: string;
}

/** Decrypts the data of one event. Call it once. @throws UnreadableFieldError */
export type Decrypt = () => Decrypted;

/** Encrypts and decrypts the personal fields of events. */
export class PersonalFieldsCipher {
  /**
   * @param forgettingTypes stored types of the events that forget somebody
   * @param forgettingsOf whom a stored event forgets; left out where nobody is to be marked
   */
  constructor(
    readonly keys: KeyRing,
    private readonly forgettingTypes: ReadonlySet<string>,
    private readonly forgettingsOf?: (event: TypedEvent) => Forgetting[],
  ) {}

  /** Makes the keys that are needed. Each is stored before this settles. */
  keysFor(parts: readonly ContentPart[]): Promise<ReadonlyMap<string, KeyState>> {
    return this.keys.make(parts.map(({ subject }) => subject));
  }

  encrypt(
    data: JsonObject,
    eventId: string,
    parts: readonly ContentPart[],
    keys: ReadonlyMap<string, KeyState>,
  ): EncryptedContent {
    return encryptFields(data, eventId, parts, keys);
  }

  /** Called with all events that are read. @returns those that forget somebody */
  notice(events: readonly TypedEvent[]): readonly TypedEvent[] {
    if (this.forgettingTypes.size === 0) return [];
    const forgetting = events.filter(({ type }) => this.forgettingTypes.has(type));
    // The key is deleted, or about to be. It must not come from memory any more.
    if (forgetting.length > 0) this.keys.clear();
    return forgetting;
  }

  /**
   * Marks whom these events forget, which `notice` has returned, before anybody handles them. A read model that has handled a forgetting gets no later
   * event about the person in plain form then, even if the node that carries it through is away.
   * @returns whether somebody was marked: then the events have to be opened again
   */
  async markForgotten(events: readonly TypedEvent[]): Promise<boolean> {
    const { forgettingsOf } = this;
    return forgettingsOf !== undefined && this.keys.mark(events.flatMap(forgettingsOf));
  }

  /**
   * Gets the keys of a batch of events at once. What can't be decrypted fails where it is read, not here: who only needs
   * the stored text is not disturbed.
   * @returns for each event how to decrypt it; undefined for one without an envelope
   */
  async opened(events: readonly StoredContent[]): Promise<(Decrypt | undefined)[]> {
    const found = events.map(envelopeOf);
    const subjects = found.flatMap((each) =>
      each && 'parts' in each ? each.parts.filter(({ key }) => key !== null).map(({ subject }) => subject) : [],
    );
    const keys = subjects.length === 0 ? new Map<string, KeyState>() : await this.keys.find(subjects);
    return found.map((each, index) => each && decryptWith(each, events[index]!, keys));
  }
}

/** Undefined when there is none; an error when it can't be read. */
function envelopeOf({ position, dataText }: StoredContent): Enveloped | UnreadableFieldError | undefined {
  if (!mayBeEnveloped(dataText)) return undefined;
  try {
    return openEnvelope(decodeJson<JsonObject>(dataText));
  } catch (error) {
    return new UnreadableFieldError(position, undefined, (error as Error).message);
  }
}

function decryptWith(
  envelope: Enveloped | UnreadableFieldError,
  event: StoredContent,
  keys: ReadonlyMap<string, KeyState>,
): Decrypt {
  return () => {
    if (envelope instanceof UnreadableFieldError) throw envelope;
    return decryptFields(envelope, event, keys);
  };
}
