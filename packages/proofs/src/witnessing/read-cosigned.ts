import { parseCheckpoint, type SignedCheckpoint } from '../notes/checkpoint.js';
import type { VerifierKey } from '../notes/keys.js';
import { MalformedNoteError, type NoteSignature } from '../notes/note.js';
import { UnverifiedNoteError, type Verified, verifyNote } from '../notes/signing.js';
import { CosignatureRefusedError } from './cosigning.errors.js';

/** A checkpoint that the log and witnesses have signed. */
export interface CosignedCheckpoint {
  /** With the signatures of the log alone. */
  readonly checkpoint: SignedCheckpoint;
  readonly cosignatures: readonly Cosignature[];
}

/** What a trusted witness has signed. */
export interface Cosignature {
  /** Name and id of the key. */
  readonly witness: string;
  /** In s since 1970. */
  readonly signedAt: number;
  readonly signature: NoteSignature;
}

/**
 * Reads a checkpoint, and verifies that a key of the log and a trusted witness have signed it. Signatures of others are left out.
 * @throws CosignatureRefusedError
 */
export function readCosigned(
  text: string,
  logKeys: readonly VerifierKey[],
  witnesses: readonly VerifierKey[],
): CosignedCheckpoint {
  const checkpoint = refusing(() => parseCheckpoint(text));
  const { note } = checkpoint;
  const signed = (by: readonly VerifierKey[], who: string): Verified[] => {
    const signatures = note.signatures.filter((each) => by.some((key) => isOf(each, key)));
    if (signatures.length > 0) return refusing(() => verifyNote({ ...note, signatures }, by));
    const names = note.signatures.map(({ name, keyId }) => `${name}+${keyId}`).join(', ');
    throw new CosignatureRefusedError(`${who} has signed this checkpoint. Signatures: ${names}.`);
  };
  const own = signed(logKeys, 'No key of this log');
  const cosignatures = signed(witnesses, 'No witness that is trusted here').map(({ key, time }) => ({
    witness: `${key.name}+${key.keyId}`,
    signedAt: time!,
    signature: note.signatures.find((each) => isOf(each, key))!,
  }));
  const signatures = note.signatures.filter((each) => own.some(({ key }) => isOf(each, key)));
  return { checkpoint: { ...checkpoint, note: { ...note, signatures } }, cosignatures };
}

function isOf({ name, keyId }: NoteSignature, key: VerifierKey): boolean {
  return name === key.name && keyId === key.keyId;
}

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const isRefusal = error instanceof MalformedNoteError || error instanceof UnverifiedNoteError;
    throw isRefusal ? new CosignatureRefusedError(error.message) : error;
  }
}
