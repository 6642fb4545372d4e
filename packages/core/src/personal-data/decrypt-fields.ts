import { decodeJson, type JsonObject, type JsonValue } from '../events/json.js';
import { decrypt, fieldOf } from './cipher.js';
import type { Enveloped, EnvelopePart } from './envelope.js';
import type { KeyState, SubjectKey, SubjectKeys } from './key-store.js';
import { putBack } from './paths.js';

/** Data with its personal fields in plain form. */
export interface Decrypted {
  readonly data: JsonObject;
  /** Paths of the fields whose subject is forgotten. */
  readonly forgotten: readonly string[];
  /** All personal fields. */
  readonly fields: readonly ReadField[];
  /** The keys that were used, by subject. */
  readonly keys: SubjectKeys;
}

/** A personal field of a stored event can't be read, and its subject is not forgotten. */
export class UnreadableFieldError extends Error {
  constructor(
    readonly position: number,
    /** Undefined when the envelope of the event itself can't be read. */
    readonly path: string | undefined,
    readonly why: string,
    /** Whether the key is missing here, or another one. Otherwise the event was changed. */
    readonly lacksKey = false,
  ) {
    const what = path === undefined ? 'The personal fields' : `The personal field "${path}"`;
    super(
      `${what} of the event at position ${position} can't be read: ${why} ` +
        'If the master key or the keys of subjects come from another time than the log, bring them together.',
    );
    this.name = 'UnreadableFieldError';
  }
}

class NoKeyError extends Error {}

/** A field with its value; undefined when its subject is forgotten. */
export interface ReadField {
  readonly subject: string;
  readonly path: string;
  readonly value: JsonValue | undefined;
}

/** Where a stored event is. */
export interface EventPlace {
  readonly position: number;
  readonly eventId: string;
}

/** @throws UnreadableFieldError */
export function readFields(
  { parts }: Enveloped,
  { position, eventId }: EventPlace,
  keys: ReadonlyMap<string, KeyState>,
): ReadField[] {
  return parts.flatMap((part) =>
    Object.entries(part.fields).map(([path, text]) => {
      const { subject } = part;
      try {
        const key = text === null ? undefined : keyFor(part, keys.get(subject));
        if (!key) return { subject, path, value: undefined };
        const value = decodeJson<JsonValue>(decrypt(key.key, text!, fieldOf(eventId, path)).toString());
        return { subject, path, value };
      } catch (error) {
        throw new UnreadableFieldError(position, path, (error as Error).message, error instanceof NoKeyError);
      }
    }),
  );
}

/** @throws UnreadableFieldError */
export function decryptFields(event: Enveloped, place: EventPlace, keys: ReadonlyMap<string, KeyState>): Decrypted {
  const fields = readFields(event, place, keys);
  const forgotten = fields.filter(({ value }) => value === undefined).map(({ path }) => path);
  const data = event.plain;
  for (const { path, value } of fields) {
    if (value === undefined) continue;
    try {
      putBack(data, path.split('.'), value);
    } catch (error) {
      throw new UnreadableFieldError(place.position, path, (error as Error).message);
    }
  }
  return { data, forgotten, fields, keys: usedKeys(fields, keys) };
}

function usedKeys(fields: readonly ReadField[], states: ReadonlyMap<string, KeyState>): SubjectKeys {
  const used = new Map<string, SubjectKey>();
  for (const { subject, value } of fields) {
    const state = value === undefined ? undefined : states.get(subject);
    if (state && 'key' in state) used.set(subject, state.key);
  }
  return used;
}

/** Undefined when the subject is forgotten. */
function keyFor({ key: id }: EnvelopePart, state: KeyState | undefined): SubjectKey | undefined {
  if (!state) throw new NoKeyError('there is no key of its subject, and no forgetting.');
  if ('forgotten' in state) return undefined;
  if ('unusable' in state) throw new NoKeyError(state.unusable);
  if (state.key.id !== id) throw new NoKeyError('the key of its subject is another one.');
  return state.key;
}
