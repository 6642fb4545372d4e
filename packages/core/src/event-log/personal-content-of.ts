import type { EventDescriptor } from '../events/domain-event.decorator.js';
import { type JsonObject, UnstorableValueError } from '../events/json.js';
import { PERSONAL } from '../events/reserved-names.js';
import { revive } from '../events/revive.js';
import { type Tag, tagsOf } from '../events/tags.js';
import { takeOut } from '../personal-data/paths.js';
import type { ContentPart, PersonalContent } from '../personal-data/personal-content.js';

/** Longest name of a subject, in characters. */
const LONGEST = 255;

/**
 * The personal fields of an event; undefined when its class declares none.
 * @throws UnstorableValueError when a subject is no text, or something can't be computed without the personal fields
 */
export function personalContentOf(event: object, descriptor: EventDescriptor): PersonalContent | undefined {
  const { personal, tags, eventClass } = descriptor;
  if (Object.hasOwn(event, PERSONAL)) {
    throw new UnstorableValueError(`data.${PERSONAL}`, 'the name is reserved. Call the property something else.');
  }
  if (personal.length === 0) return undefined;
  const names = new Map(personal.flatMap(({ fields }) => fields.map((field) => [field.path, field.names])));
  const without = (paths: Iterable<string>): object => {
    let data = event as JsonObject;
    for (const path of paths) [data] = takeOut(data, names.get(path)!);
    return revive(eventClass.prototype as object, data);
  };
  const tagsWithout = (paths: Iterable<string>): Tag[] => (tags ? tagsOf(tags(without(paths))) : []);
  // So that it is known now, and not at the first forgetting.
  const bare = computed('tags', () => without(names.keys()));
  computed('tags', () => (tags ? tagsOf(tags(bare)) : []));
  const parts = personal.map(({ subject, fields }): ContentPart => {
    const of = computed('subject', () => subject(bare));
    return { subject: checked(of), fields };
  });
  return { parts, tagsWithout };
}

function computed<T>(what: 'tags' | 'subject', compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (error instanceof UnstorableValueError) throw error;
    throw new UnstorableValueError(
      'data',
      `the ${what} of the event can't be computed without its personal fields, which are absent once their subject is ` +
        `forgotten: ${(error as Error).message}`,
    );
  }
}

function checked(subject: unknown): string {
  if (typeof subject === 'string' && /^[^\p{Cc}\p{Cs}]+$/u.test(subject) && subject.length <= LONGEST) return subject;
  throw new UnstorableValueError(
    'data',
    `the subject of its personal fields must be a text of 1 to ${LONGEST} printable characters. Take it from a field ` +
      'that is not personal itself.',
  );
}
