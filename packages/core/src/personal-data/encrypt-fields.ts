import { encodeField, type JsonObject } from '../events/json.js';
import { encrypt, fieldOf } from './cipher.js';
import { enveloped, type EnvelopePart } from './envelope.js';
import type { KeyState } from './key-store.js';
import { takeOut } from './paths.js';
import type { ContentPart, EncryptedContent } from './personal-content.js';

/** A personal field can't be encrypted, because the key of its subject can't be used. */
export class UnusableKeyError extends Error {
  constructor(
    readonly subject: string,
    why: string,
  ) {
    super(`The personal data of "${subject}" can't be encrypted: ${why}`);
    this.name = 'UnusableKeyError';
  }
}

/**
 * Takes the personal fields out of an event's data, and puts them into its envelope. Those of a forgotten subject are left
 * out.
 * @throws UnstorableValueError, UnusableKeyError
 */
export function encryptFields(
  data: JsonObject,
  eventId: string,
  parts: readonly ContentPart[],
  keys: ReadonlyMap<string, KeyState>,
): EncryptedContent {
  let plain = data;
  const envelope: EnvelopePart[] = [];
  const forgotten: string[] = [];
  for (const { subject, fields } of parts) {
    const key = usableKey(subject, keys.get(subject));
    const encrypted: Record<string, string | null> = {};
    for (const { path, names } of fields) {
      const [without, value] = takeOut(plain, names);
      plain = without;
      if (value === undefined) continue;
      if (!key) forgotten.push(path);
      // `__proto__` is no path, so this is plain.
      encrypted[path] = key ? encrypt(key.key, encodeField(value, `data.${path}`), fieldOf(eventId, path)) : null;
    }
    if (Object.keys(encrypted).length > 0) envelope.push({ subject, key: key?.id ?? null, fields: encrypted });
  }
  if (envelope.length === 0) return { data, subjects: [], forgotten };
  return {
    data: enveloped(plain, envelope),
    subjects: [...new Set(envelope.map(({ subject }) => subject))],
    forgotten,
  };
}

/** Undefined when the subject is forgotten. */
function usableKey(subject: string, state: KeyState | undefined) {
  if (!state) throw new UnusableKeyError(subject, 'the store of keys has made none.');
  if ('unusable' in state) throw new UnusableKeyError(subject, state.unusable);
  return 'key' in state ? state.key : undefined;
}
