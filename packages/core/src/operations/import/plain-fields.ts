import type { EventSerializer } from '../../event-log/event-serializer.js';
import type { EventRegistry } from '../../events/event-registry.js';
import { decodeJson, encodeJson, type JsonObject } from '../../events/json.js';
import { UnreadableFieldError } from '../../personal-data/decrypt-fields.js';
import { UnusableKeyError } from '../../personal-data/encrypt-fields.js';
import { enveloped, mayBeEnveloped, openEnvelope } from '../../personal-data/envelope.js';
import type { KeyState } from '../../personal-data/key-store.js';
import type { Decrypt, PersonalFieldsCipher } from '../../personal-data/personal-fields-cipher.js';
import { plainBesideEncrypted, plainInEarlierVersion } from './earlier-version.js';
import { ImportRefusedError } from './import.errors.js';
import type { IncomingEvent } from './incoming-event.js';
import { contentsOf } from './keys-at-hand.js';
import { declaredFields, type PersonalEvent } from './personal-event.js';
import { withoutKey } from './plan-batch.js';

/** Encrypts personal fields that a file has as plain text, as an append of today's classes does. */
export class PlainFields {
  private mayMakeKeys = false;

  /** @param beforeKeys called once, before the first key is made; it may refuse the file */
  constructor(
    private readonly registry: EventRegistry,
    private readonly serializer: EventSerializer,
    private readonly personal: PersonalFieldsCipher,
    private readonly beforeKeys: () => Promise<void>,
  ) {}

  /** The keys are stored when this settles. @throws ImportRefusedError that names the line */
  async encrypted(batch: readonly IncomingEvent[]): Promise<IncomingEvent[]> {
    const found = await this.personalEvents(batch);
    const content = found.flatMap((each) => each?.content ?? []);
    if (content.length === 0) return [...batch];
    if (!this.mayMakeKeys) await this.beforeKeys();
    this.mayMakeKeys = true;
    const keys = await this.personal.keysFor(content);
    return batch.map((event, index) => this.encryptedEvent(event, found[index], keys));
  }

  /**
   * Marks and refuses what `encrypted` would encrypt and refuse, and makes no keys.
   * @throws ImportRefusedError that names the line
   */
  async marked(batch: readonly IncomingEvent[]): Promise<IncomingEvent[]> {
    const found = await this.personalEvents(batch);
    const subjects = found.flatMap((each) => each?.content.map(({ subject }) => subject) ?? []);
    const keys = subjects.length > 0 ? await this.personal.keys.find(subjects) : new Map<string, KeyState>();
    return batch.map((event, index) => {
      for (const { subject } of found[index]?.content ?? [])
        inLine(event, () => refuseUnusable(subject, keys.get(subject)));
      return found[index] ? { ...event, encrypted: true } : event;
    });
  }

  private encryptedEvent(
    event: IncomingEvent,
    found: PersonalEvent | undefined,
    keys: ReadonlyMap<string, KeyState>,
  ): IncomingEvent {
    if (!found) return event;
    const { typeVersion, plain, parts, content } = found;
    return inLine(event, () => {
      const { plain: rest, parts: added } = openEnvelope(this.personal.encrypt(plain, event.id, content, keys).data)!;
      return { ...event, typeVersion, data: encodeJson(enveloped(rest, [...parts, ...added])), encrypted: true };
    });
  }

  /** In the order of the batch; undefined where there is nothing to encrypt. */
  private async personalEvents(batch: readonly IncomingEvent[]): Promise<(PersonalEvent | undefined)[]> {
    const mixed = batch.filter((event) => this.isEarlierVersion(event) && mayBeEnveloped(event.data));
    const decrypts = await this.personal.opened(contentsOf(mixed));
    const decryptOf = new Map(mixed.map((event, index) => [event, decrypts[index]]));
    return batch.map((event) => inLine(event, () => this.personalEvent(event, decryptOf.get(event))));
  }

  private isEarlierVersion({ type, typeVersion }: IncomingEvent): boolean {
    const descriptor = this.registry.forType(type);
    return descriptor !== undefined && descriptor.personal.length > 0 && typeVersion !== descriptor.schemaVersion;
  }

  /** @param decrypt of an event of an earlier version that has an envelope */
  private personalEvent(event: IncomingEvent, decrypt: Decrypt | undefined): PersonalEvent | undefined {
    const descriptor = this.registry.forType(event.type);
    if (!descriptor || descriptor.personal.length === 0) return undefined;
    const reading = { serializer: this.serializer, descriptor };
    const data = decodeJson<JsonObject>(event.data);
    const envelope = openEnvelope(data) ?? { plain: data, parts: [] };
    if (event.typeVersion === descriptor.schemaVersion) {
      return declaredFields(envelope.plain, envelope.parts, descriptor);
    }
    return decrypt ? plainBesideEncrypted(event, envelope, decrypt(), reading) : plainInEarlierVersion(event, reading);
  }
}

function refuseUnusable(subject: string, state: KeyState | undefined): void {
  if (state && 'unusable' in state) throw new UnusableKeyError(subject, state.unusable);
}

function inLine<T>({ line }: IncomingEvent, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UnreadableFieldError && error.lacksKey) throw withoutKey(line, error);
    throw ImportRefusedError.inLine(line, (error as Error).message);
  }
}
