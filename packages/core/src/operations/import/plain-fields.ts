import type { EventSerializer } from '../../event-log/event-serializer.js';
import { personalContentOf } from '../../event-log/personal-content-of.js';
import { RecordedEvent } from '../../event-log/recorded-event.js';
import type { EventDescriptor } from '../../events/domain-event.decorator.js';
import type { EventRegistry } from '../../events/event-registry.js';
import { decodeJson, encodeJson, type JsonObject } from '../../events/json.js';
import { revive } from '../../events/revive.js';
import { UnusableKeyError } from '../../personal-data/encrypt-fields.js';
import { enveloped, type EnvelopePart, openEnvelope } from '../../personal-data/envelope.js';
import type { KeyState } from '../../personal-data/key-store.js';
import { takeOut } from '../../personal-data/paths.js';
import type { ContentPart } from '../../personal-data/personal-content.js';
import type { PersonalFieldsCipher } from '../../personal-data/personal-fields-cipher.js';
import { ImportRefusedError } from './import.errors.js';
import { type IncomingEvent, rowOfIncoming } from './incoming-event.js';

/** An event whose class declares personal fields. */
interface PersonalEvent {
  readonly typeVersion: number;
  /** What is not encrypted yet. */
  readonly plain: JsonObject;
  /** What is encrypted already. */
  readonly parts: readonly EnvelopePart[];
  /** Which fields to encrypt; there is at least one. */
  readonly content: readonly ContentPart[];
}

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
    const found = batch.map((event) => this.personalEvent(event));
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
    const found = batch.map((event) => this.personalEvent(event));
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

  /** Undefined when there is nothing to encrypt. */
  private personalEvent(event: IncomingEvent): PersonalEvent | undefined {
    const descriptor = this.registry.forType(event.type);
    if (!descriptor || descriptor.personal.length === 0) return undefined;
    return inLine(event, () => {
      const data = decodeJson<JsonObject>(event.data);
      const { plain, parts } = openEnvelope(data) ?? { plain: data, parts: [] };
      if (event.typeVersion === descriptor.schemaVersion) return declared(plain, parts, descriptor);
      // Its encrypted fields are those of the class of its time, and stay in their places.
      return parts.length > 0 ? undefined : declared(this.upcast(event), [], descriptor);
    });
  }

  /** Which fields are personal is known of today's shape alone. */
  private upcast(event: IncomingEvent): JsonObject {
    const events = this.serializer.eventsOf<JsonObject>(new RecordedEvent(rowOfIncoming(event)));
    if (events.length === 1) return events[0]!;
    throw new Error(
      `version ${event.typeVersion} of ${event.type} has personal fields in plain text, and its upcasters make ${events.length} events of ` +
        'it, so the fields to encrypt are not known. Take the line out of the file, and import the rest with --onto.',
    );
  }
}

function declared(
  plain: JsonObject,
  parts: readonly EnvelopePart[],
  descriptor: EventDescriptor,
): PersonalEvent | undefined {
  const instance = revive<object>(descriptor.eventClass.prototype as object, plain);
  const content = personalContentOf(instance, descriptor)!.parts.flatMap(({ subject, fields }) => {
    const present = fields.filter(({ names }) => takeOut(plain, names)[1] !== undefined);
    return present.length > 0 ? [{ subject, fields: present }] : [];
  });
  return content.length > 0 ? { typeVersion: descriptor.schemaVersion, plain, parts, content } : undefined;
}

function refuseUnusable(subject: string, state: KeyState | undefined): void {
  if (state && 'unusable' in state) throw new UnusableKeyError(subject, state.unusable);
}

function inLine<T>({ line }: IncomingEvent, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw ImportRefusedError.inLine(line, (error as Error).message);
  }
}
