import { type KeyState, KeyStore } from './key-store.js';

const NO_KEYS = 'this program has no master key: the option "personalData" is missing.';

/** For an application that has no key: it can't read or forget anything personal. */
export class NoKeys extends KeyStore {
  async find(subjects: readonly string[]): Promise<ReadonlyMap<string, KeyState>> {
    return new Map(subjects.map((subject) => [subject, { unusable: NO_KEYS }]));
  }

  make(subjects: readonly string[]): Promise<ReadonlyMap<string, KeyState>> {
    return this.find(subjects);
  }

  async forget(): Promise<number> {
    throw new Error(`Nobody can be forgotten: ${NO_KEYS}`);
  }

  async keyOfForgotten(): Promise<undefined> {
    return undefined;
  }

  async erase(): Promise<void> {
    throw new Error(`Nobody can be forgotten: ${NO_KEYS}`);
  }
}
