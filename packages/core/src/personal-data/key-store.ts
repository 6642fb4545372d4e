import type { Forgetting } from './personal-data.js';

/** The key of a subject, 32 bytes, with its id. */
export interface SubjectKey {
  readonly id: string;
  readonly key: Buffer;
}

/** Keys by subject. */
export type SubjectKeys = ReadonlyMap<string, SubjectKey>;

/**
 * What a store has of a subject: its key, its forgetting, or the reason why its key can't be used, such as that the master
 * key is another one.
 */
export type KeyState =
  { readonly key: SubjectKey } | { readonly forgotten: Forgetting } | { readonly unusable: string };

/**
 * Keeps the keys of subjects. Leftfold's own keeps them in a table, wrapped by a master key. For a key management service,
 * write another one and pass it as `personalData.keyStore`: it may keep keys that the service has wrapped, or have the
 * service keep them. Keys are asked for in batches, and remembered for a second at most.
 */
export abstract class KeyStore {
  /** What it has of these subjects; one that it has nothing of is left out. */
  abstract find(subjects: readonly string[]): Promise<ReadonlyMap<string, KeyState>>;

  /**
   * Makes the keys that are missing, and returns what there is then. A key is stored durably before this settles. Of
   * two callers that make a key at once, both get the same one. A forgotten subject gets no key ever again.
   */
  abstract make(subjects: readonly string[]): Promise<ReadonlyMap<string, KeyState>>;

  /**
   * Marks a subject as forgotten: from here on `find` and `make` answer with the forgetting, also for a subject that never
   * had a key. A second forgetting changes nothing, unless the first one is `replaced`. The key itself stays until `erase`,
   * for `keyOfForgotten`.
   * @param replaced the mark whose event this log does not have, such as one that was replayed after a restored backup: the
   *   forgetting takes its place, if it is still the mark. The time of the mark stays.
   * @returns how long ago it was marked, in ms, by one clock for all nodes
   */
  abstract forget(forgetting: Forgetting, replaced?: Forgetting): Promise<number>;

  /** The key of a subject that is marked as forgotten, as long as it is not erased. Only the forgetting itself uses it. */
  abstract keyOfForgotten(subject: string): Promise<SubjectKey | undefined>;

  /** Deletes the key of a subject that is marked as forgotten, for ever. */
  abstract erase(subject: string): Promise<void>;
}
