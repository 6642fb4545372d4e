import { decodeJson, type JsonObject, type JsonValue } from '../events/json.js';
import { PERSONAL } from '../events/reserved-names.js';
import { decrypt, encrypt, jointKey } from './cipher.js';
import { mayBeEnveloped } from './envelope.js';
import type { KeyRing } from './key-ring.js';
import type { KeyState, SubjectKey, SubjectKeys } from './key-store.js';

/** A copy as it is stored. */
export interface SealedCopy {
  readonly v: 1;
  readonly copy: string;
  /** In the order in which their keys are joined. */
  readonly of: readonly { readonly subject: string; readonly key: string }[];
}

/** A copy that could be read. */
export interface OpenedCopy {
  readonly text: string;
  /** The keys that it took; none for a text that was not sealed. */
  readonly keys: SubjectKeys;
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
    const sorted = [...new Set(subjects)];
    const keys = keysOf(sorted, await this.keys.make(sorted));
    return keys && JSON.stringify({ [PERSONAL]: sealWith(json, keys, bound) });
  }

  /**
   * @returns the copy; undefined when a subject is forgotten. A text that is not sealed comes back as it is
   * @throws Error when a key is missing, or the text was changed
   */
  async open(text: string, bound: string): Promise<string | undefined> {
    return (await this.read(text, bound))?.text;
  }

  /** Like `open`, with the keys that it took. */
  async read(text: string, bound: string): Promise<OpenedCopy | undefined> {
    const copy = copyIn(text);
    return copy ? this.readSealed(copy, bound) : { text, keys: new Map() };
  }

  /** @throws Error when a key is missing, or the copy was changed */
  async readSealed({ copy, of }: SealedCopy, bound: string): Promise<OpenedCopy | undefined> {
    const subjects = of.map(({ subject }) => subject);
    const keys = keysOf(subjects, await this.keys.find(subjects));
    if (!keys) return undefined;
    if (of.some(({ subject, key }) => keys.get(subject)!.id !== key)) {
      throw new Error('A copy of personal data was encrypted with another key of its subject.');
    }
    return { text: decrypt(joined(keys), copy, bound).toString(), keys };
  }
}

/** Seals with keys that the caller has used: nobody can open the copy when one of them is deleted. */
export function sealWith(json: string, keys: SubjectKeys, bound: string): SealedCopy {
  const sorted = new Map([...keys].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  const of = [...sorted].map(([subject, { id }]) => ({ subject, key: id }));
  return { v: 1, copy: encrypt(joined(sorted), json, bound), of };
}

function joined(keys: SubjectKeys): Buffer {
  return jointKey([...keys.values()].map(({ key }) => key));
}

/** Whether a text is a sealed copy. */
export function isSealedCopy(text: string): boolean {
  return copyIn(text) !== undefined;
}

function copyIn(text: string): SealedCopy | undefined {
  if (!mayBeEnveloped(text)) return undefined;
  const copy = decodeJson<JsonObject | null>(text)?.[PERSONAL] as { readonly copy?: JsonValue } | undefined;
  return typeof copy?.copy === 'string' ? (copy as unknown as SealedCopy) : undefined;
}

/** Undefined when one is forgotten. */
function keysOf(subjects: readonly string[], states: ReadonlyMap<string, KeyState>): SubjectKeys | undefined {
  const keys = new Map<string, SubjectKey>();
  for (const subject of subjects) {
    const state = states.get(subject);
    if (!state || 'unusable' in state) {
      throw new Error(`The key of the subject "${subject}" can't be used: ${state?.unusable ?? 'there is none.'}`);
    }
    if ('forgotten' in state) return undefined;
    keys.set(subject, state.key);
  }
  return keys;
}
