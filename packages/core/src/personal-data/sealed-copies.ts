import { decodeJson, type JsonObject, type JsonValue } from '../events/json.js';
import { PERSONAL } from '../events/reserved-names.js';
import { decrypt, encrypt, jointKey } from './cipher.js';
import { mayBeEnveloped } from './envelope.js';
import type { KeyRing } from './key-ring.js';
import type { KeyState, SubjectKey } from './key-store.js';

interface Copy {
  readonly v: 1;
  readonly copy: string;
  /** In the order in which their keys are joined. */
  readonly of: readonly { readonly subject: string; readonly key: string }[];
}

/**
 * Encrypts what is copied from personal fields to somewhere beside the log, with the joint key of all subjects that it is
 * about. Once one of them is forgotten, the copy can't be read any more, wherever it is and whenever it was written.
 */
export class SealedCopies {
  constructor(private readonly keys: KeyRing) {}

  /**
   * @param json the copy
   * @param bound what it belongs to, such as a table and an id. It can be opened only with the same
   * @returns undefined when a subject is forgotten: then there must be no copy
   */
  async seal(json: string, subjects: readonly string[], bound: string): Promise<string | undefined> {
    const sorted = [...new Set(subjects)].toSorted();
    const keys = keysOf(sorted, await this.keys.make(sorted));
    if (!keys) return undefined;
    const of = keys.map(({ id }, index) => ({ subject: sorted[index]!, key: id }));
    const copy: Copy = { v: 1, copy: encrypt(jointKey(keys.map(({ key }) => key)), json, bound), of };
    return JSON.stringify({ [PERSONAL]: copy });
  }

  /**
   * @returns the copy; undefined when a subject is forgotten. A text that is not sealed comes back as it is
   * @throws Error when a key is missing, or the text was changed
   */
  async open(text: string, bound: string): Promise<string | undefined> {
    const copy = copyIn(text);
    if (!copy) return text;
    const found = await this.keys.find(copy.of.map(({ subject }) => subject));
    const keys = keysOf(
      copy.of.map(({ subject }) => subject),
      found,
    );
    if (!keys) return undefined;
    if (keys.some(({ id }, index) => id !== copy.of[index]!.key)) {
      throw new Error('A copy of personal data was encrypted with another key of its subject.');
    }
    return decrypt(jointKey(keys.map(({ key }) => key)), copy.copy, bound).toString();
  }
}

/** Whether a text is a sealed copy. */
export function isSealedCopy(text: string): boolean {
  return copyIn(text) !== undefined;
}

function copyIn(text: string): Copy | undefined {
  if (!mayBeEnveloped(text)) return undefined;
  const copy = decodeJson<JsonObject | null>(text)?.[PERSONAL] as { readonly copy?: JsonValue } | undefined;
  return typeof copy?.copy === 'string' ? (copy as unknown as Copy) : undefined;
}

/** Undefined when one is forgotten. */
function keysOf(subjects: readonly string[], states: ReadonlyMap<string, KeyState>): SubjectKey[] | undefined {
  const keys: SubjectKey[] = [];
  for (const subject of subjects) {
    const state = states.get(subject);
    if (!state || 'unusable' in state) {
      throw new Error(`The key of the subject "${subject}" can't be used: ${state?.unusable ?? 'there is none.'}`);
    }
    if ('forgotten' in state) return undefined;
    keys.push(state.key);
  }
  return keys;
}
