import { personalContentOf } from '../../event-log/personal-content-of.js';
import type { EventDescriptor } from '../../events/domain-event.decorator.js';
import type { JsonObject } from '../../events/json.js';
import { revive } from '../../events/revive.js';
import type { EnvelopePart } from '../../personal-data/envelope.js';
import { takeOut } from '../../personal-data/paths.js';
import type { ContentPart } from '../../personal-data/personal-content.js';

/** An event that has fields to encrypt. */
export interface PersonalEvent {
  readonly typeVersion: number;
  /** What is not encrypted yet. */
  readonly plain: JsonObject;
  /** What is encrypted already, and stays. */
  readonly parts: readonly EnvelopePart[];
  /** Which fields to encrypt; there is at least one. */
  readonly content: readonly ContentPart[];
}

/** Undefined when there is nothing to encrypt. */
export function declaredFields(
  plain: JsonObject,
  parts: readonly EnvelopePart[],
  descriptor: EventDescriptor,
): PersonalEvent | undefined {
  const content = contentIn(plain, descriptor);
  return content.length > 0 ? { typeVersion: descriptor.schemaVersion, plain, parts, content } : undefined;
}

/** The declared fields that the data have. */
export function contentIn(data: JsonObject, descriptor: EventDescriptor): ContentPart[] {
  const instance = revive<object>(descriptor.eventClass.prototype as object, data);
  return personalContentOf(instance, descriptor)!.parts.flatMap(({ subject, fields }) => {
    const present = fields.filter(({ names }) => takeOut(data, names)[1] !== undefined);
    return present.length > 0 ? [{ subject, fields: present }] : [];
  });
}
