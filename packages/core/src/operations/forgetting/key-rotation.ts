import { KeyStore } from '../../personal-data/key-store.js';
import { TableKeyStore } from '../../personal-data/table-key-store.js';

/** Options of a rotation of the master key. */
export interface KeyRotationOptions {
  /** Called after each batch: how many keys were looked at, and how many there were to wrap. */
  readonly onProgress?: (keys: number, of: number) => void;
  /** Interrupts it between two batches. The next rotation goes on from there. */
  readonly signal?: AbortSignal;
  /** Keys of a batch; 500 when left out. */
  readonly batch?: number;
}

/** The keys are in a store of the application's own, which wraps them itself. */
export class ForeignKeyStoreError extends Error {
  constructor() {
    super('The keys of subjects are in a store of the application. Rotate its master key there.');
    this.name = 'ForeignKeyStoreError';
  }
}

/**
 * Wraps the keys of all subjects with the current master key, the first of `personalData.masterKeys`. Events are not
 * touched. It may run while nodes run that have both master keys. Two at once do the same work twice, and nothing worse.
 */
export class KeyRotation {
  constructor(private readonly store: KeyStore) {}

  /**
   * @returns how many keys it has wrapped
   * @throws ForeignKeyStoreError; MissingMasterKeyError when a key is wrapped by a master key that is not among those that
   * are given; the signal's reason when it is aborted
   */
  async run({ onProgress, signal, batch = 500 }: KeyRotationOptions = {}): Promise<number> {
    const { store } = this;
    if (!(store instanceof TableKeyStore)) throw new ForeignKeyStoreError();
    const of = await store.countOutdated();
    let keys = 0;
    let after: string | undefined = '';
    while (after !== undefined) {
      signal?.throwIfAborted();
      const step = await store.rewrap(after, batch);
      keys += step.keys;
      after = step.reached;
      onProgress?.(Math.min(keys, of), of);
    }
    return keys;
  }
}
