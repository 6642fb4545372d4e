import { isDeepStrictEqual } from 'node:util';
import type { EventSerializer } from '../../event-log/event-serializer.js';
import { RecordedEvent } from '../../event-log/recorded-event.js';
import type { EventDescriptor } from '../../events/domain-event.decorator.js';
import { decodeJson, encodeJson, type JsonObject } from '../../events/json.js';
import type { Decrypted } from '../../personal-data/decrypt-fields.js';
import type { Enveloped } from '../../personal-data/envelope.js';
import { takeOut } from '../../personal-data/paths.js';
import { type IncomingEvent, rowOfIncoming } from './incoming-event.js';
import { contentIn, declaredFields, type PersonalEvent } from './personal-event.js';

/** How the event classes of today read an event of an earlier version. */
export interface Reading {
  readonly serializer: EventSerializer;
  readonly descriptor: EventDescriptor;
}

/** Which fields of an event without an envelope are personal is known of today's shape alone. */
export function plainInEarlierVersion(event: IncomingEvent, reading: Reading): PersonalEvent | undefined {
  return declaredFields(onlyOne(upcast(event, reading), event), [], reading.descriptor);
}

/**
 * An event that has encrypted fields, and may have others in plain text that were declared personal later. To find
 * them it is upcast without the encrypted ones, as if their subjects were forgotten.
 * @param decrypted its data with the encrypted fields
 * @returns undefined when nothing is plain, so that the event stays as it is
 * @throws Error when today's version has an encrypted field in plain text
 */
export function plainBesideEncrypted(
  event: IncomingEvent,
  { plain, parts }: Enveloped,
  decrypted: Decrypted,
  reading: Reading,
): PersonalEvent | undefined {
  const { descriptor } = reading;
  const bare = upcast({ ...event, data: encodeJson(plain) }, reading);
  const whole = upcast(event, reading, decrypted);
  if (bare.length === whole.length && bare.every((each) => contentIn(each, descriptor).length === 0)) return undefined;
  const today = onlyOne(whole, event);
  if (!isDeepStrictEqual(withoutPersonal(today, descriptor), withoutPersonal(onlyOne(bare, event), descriptor))) {
    throw new Error(
      `version ${event.typeVersion} of ${event.type} has encrypted fields, and others in plain text that are personal today. Its ` +
        'upcasters copy an encrypted field to one that is not declared personal, which would be stored in plain text. ' +
        'Declare that field personal, and import again.',
    );
  }
  const forgotten = new Set(decrypted.forgotten);
  // Nobody can read them, so they stay as they are, at their places in the earlier version.
  const unreadable = parts.filter(({ fields }) => Object.keys(fields).every((path) => forgotten.has(path)));
  return declaredFields(today, unreadable, descriptor);
}

function upcast(event: IncomingEvent, { serializer }: Reading, decrypted?: Decrypted): JsonObject[] {
  return serializer.eventsOf<JsonObject>(RecordedEvent.of(rowOfIncoming(event), decrypted && (() => decrypted)));
}

function onlyOne(events: readonly JsonObject[], { type, typeVersion }: IncomingEvent): JsonObject {
  if (events.length === 1) return events[0]!;
  throw new Error(
    `version ${typeVersion} of ${type} may have personal fields in plain text, and its upcasters make ${events.length} events of ` +
      'it, so the fields to encrypt are not known. Take the line out of the file, and import the rest with --onto.',
  );
}

function withoutPersonal(data: JsonObject, { personal }: EventDescriptor): JsonObject {
  let rest = data;
  for (const { names } of personal.flatMap(({ fields }) => fields)) [rest] = takeOut(rest, names);
  return decodeJson<JsonObject>(encodeJson(rest));
}
