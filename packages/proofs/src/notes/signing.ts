import { isSignedBy, SIGNATURE_SIZE, signWith } from './ed25519.js';
import type { SigningKey, VerifierKey } from './keys.js';
import type { NoteSignature, SignedNote } from './note.js';

/** A signature of a known key does not fit, or none is of a known key. */
export class UnverifiedNoteError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnverifiedNoteError';
  }
}

/** A signature that was checked. */
export interface Verified {
  readonly key: VerifierKey;
  /** When a witness signed, in s since 1970; undefined for a log. */
  readonly time: number | undefined;
}

/** Bytes of the time before a witness's signature. */
const TIME_SIZE = 8;

/**
 * Signs a note.
 * @param time of a witness, in s since 1970
 */
export function signNote(text: string, key: SigningKey, time = Math.floor(Date.now() / 1_000)): NoteSignature {
  const { name, keyId, privateKey, purpose } = key;
  if (purpose === 'log') return { name, keyId, signature: signWith(privateKey, Buffer.from(text)) };
  const stamp = Buffer.alloc(TIME_SIZE);
  stamp.writeBigUInt64BE(BigInt(time));
  return { name, keyId, signature: Buffer.concat([stamp, signWith(privateKey, cosigned(text, BigInt(time)))]) };
}

/**
 * Checks the signatures of known keys; those of others are ignored.
 * @throws UnverifiedNoteError when a known key did not sign this text, or no known key has signed
 */
export function verifyNote({ text, signatures }: SignedNote, keys: readonly VerifierKey[]): Verified[] {
  const verified = signatures.flatMap((signature) => {
    const known = keys.filter(({ name, keyId }) => name === signature.name && keyId === signature.keyId);
    const [key] = known;
    if (!key) return [];
    if (known.some(({ publicKey }) => !publicKey.equals(key.publicKey))) {
      throw new UnverifiedNoteError(`Two different keys have the name ${key.name} and the id ${key.keyId}.`);
    }
    return [{ key, time: check(text, signature, key) }];
  });
  if (verified.length > 0) return verified;
  const names = signatures.map(({ name, keyId }) => `${name}+${keyId}`).join(', ');
  throw new UnverifiedNoteError(`None of the known keys has signed it. Signatures: ${names}.`);
}

function check(text: string, { signature }: NoteSignature, { name, keyId, purpose, publicKey }: VerifierKey) {
  const refuse = (): never => {
    throw new UnverifiedNoteError(`The signature of ${name}+${keyId} is not for this text: one of them was changed.`);
  };
  if (purpose === 'log') return isSignedBy(publicKey, Buffer.from(text), signature) ? undefined : refuse();
  if (signature.length !== TIME_SIZE + SIGNATURE_SIZE) return refuse();
  const time = signature.readBigUInt64BE(0);
  const message = cosigned(text, time);
  return isSignedBy(publicKey, message, signature.subarray(TIME_SIZE)) ? Number(time) : refuse();
}

/** Source: C2SP tlog-cosignature, Ed25519 signed message. */
function cosigned(text: string, time: bigint): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${time}\n${text}`);
}
