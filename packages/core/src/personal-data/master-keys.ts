import { SetupError } from '../errors.js';
import { decrypt, encrypt, fingerprintOf, KEY_SIZE } from './cipher.js';

/** A key of a subject as it is stored. */
export interface WrappedKey {
  readonly wrapped: string;
  /** Fingerprint of the master key that wraps it. */
  readonly master: string;
}

/** A key is wrapped by a master key that this program was not given, such as the one of before a rotation. */
export class MissingMasterKeyError extends Error {
  constructor(
    /** Fingerprint of the one that is missing. */
    readonly master: string,
    known: readonly string[],
  ) {
    super(`its key is wrapped by the master key ${master}, and this program has ${known.join(', ')}.`);
    this.name = 'MissingMasterKeyError';
  }
}

/** Wraps the keys of subjects, so that the database alone can't decrypt anything. */
export class MasterKeys {
  private readonly keys: ReadonlyMap<string, Buffer>;
  /** Fingerprint of the one that wraps new keys. */
  readonly current: string;

  /**
   * @param texts 32 bytes each, in base64. The first one wraps; all unwrap, so that a new one can be put before the old
   * @throws SetupError
   */
  constructor(texts: readonly string[]) {
    const keys = texts.map(keyOf);
    if (keys.length === 0) throw new SetupError('personalData.masterKeys is empty. Give one master key.');
    this.keys = new Map(keys.map((key) => [fingerprintOf(key), key]));
    this.current = fingerprintOf(keys[0]!);
  }

  wrap(key: Buffer, subject: string, id: string): WrappedKey {
    return { wrapped: encrypt(this.keys.get(this.current)!, key, bound(subject, id)), master: this.current };
  }

  /** @throws MissingMasterKeyError; Error when the key was changed */
  unwrap({ wrapped, master }: WrappedKey, subject: string, id: string): Buffer {
    const key = this.keys.get(master);
    if (!key) throw new MissingMasterKeyError(master, [...this.keys.keys()]);
    try {
      return decrypt(key, wrapped, bound(subject, id));
    } catch {
      throw new Error('its key was changed in the database.');
    }
  }
}

function bound(subject: string, id: string): string {
  return `${subject}\n${id}`;
}

function keyOf(text: string): Buffer {
  const key = Buffer.from(text, 'base64');
  if (key.length === KEY_SIZE && /^[\w+/-]{43}=?$/.test(text)) return key;
  throw new SetupError(
    'A master key of personalData.masterKeys is not 32 bytes in base64. Make one with "openssl rand -base64 32".',
  );
}
