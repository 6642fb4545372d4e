import { fromBase64 } from '../notes/base64.js';
import { parseCheckpoint, type SignedCheckpoint } from '../notes/checkpoint.js';
import type { VerifierKey } from '../notes/keys.js';
import { parseProof } from '../notes/proof-file.js';
import { UnverifiedNoteError, verifyNote } from '../notes/signing.js';
import { isConsistent } from '../tree/verify.js';
import { InvalidProofError } from '../verifying/signers.js';
import { verifyProof } from '../verifying/verify-proof.js';
import { type ForgettingCertificate, noteOf, parseCertificate } from './certificate.js';

/** Who must have signed a certificate. */
export interface VerifyCertificateOptions {
  /** Public keys of the log: also former ones, when the key changed between the checkpoints of the certificate. */
  readonly keys: readonly VerifierKey[];
  /** The origin that it must have; any when left out. */
  readonly origin?: string | undefined;
}

/** What a certificate shows. */
export interface CertifiedForgetting {
  readonly certificate: ForgettingCertificate;
  /** Number of events under the checkpoint before; undefined when the log was not sealed before. */
  readonly before: number | undefined;
  /** Number of events under the checkpoint that covers the forgetting. */
  readonly size: number;
  /** Name and id of each known key that has signed the certificate. */
  readonly signedBy: readonly string[];
}

/**
 * Verifies a certificate of forgetting, without a database: its signature, the proof of the event, and that the log only
 * grew since the checkpoint before.
 * @throws MalformedNoteError, UnverifiedNoteError, InvalidProofError
 */
export function verifyCertificate(text: string, { keys, origin }: VerifyCertificateOptions): CertifiedForgetting {
  const certificate = parseCertificate(text);
  if (certificate.signatures.length === 0 || certificate.proof === null || certificate.origin === null) {
    throw new InvalidProofError('The certificate is not signed: the log was not sealed when it was made.');
  }
  if (origin !== undefined && certificate.origin !== origin) {
    throw new InvalidProofError(`The certificate is of another log: its origin is ${certificate.origin}.`);
  }
  const signedBy = byTheLog(noteOf(certificate), keys).map(({ key: { name, keyId } }) => `${name}+${keyId}`);
  const { event, size } = verifyProof(certificate.proof, { keys, origin: certificate.origin });
  const isThisEvent =
    event.position === certificate.position &&
    event.eventId === certificate.eventId &&
    event.recordedAt === certificate.forgottenAt;
  if (!isThisEvent) throw new InvalidProofError('The event that is proved is not the one that the certificate names.');
  return { certificate, before: sizeBefore(certificate, keys), size, signedBy };
}

/** @returns the size of the checkpoint before, which is the beginning of the later one */
function sizeBefore({ before, position, consistency, proof }: ForgettingCertificate, keys: readonly VerifierKey[]) {
  if (before === null) return undefined;
  const older: SignedCheckpoint = parseCheckpoint(before);
  const newer = parseProof(proof!).checkpoint;
  byTheLog(older.note, keys);
  if (older.size >= position) {
    throw new InvalidProofError('The checkpoint before the forgetting already covers the event.');
  }
  const hashes = consistency.map((hash) => fromBase64(hash) ?? Buffer.alloc(0));
  if (older.origin !== newer.origin || !isConsistent(hashes, older, newer)) {
    throw new InvalidProofError('The checkpoint before the forgetting is not the beginning of the later one.');
  }
  return older.size;
}

function byTheLog(note: Parameters<typeof verifyNote>[0], keys: readonly VerifierKey[]) {
  const verified = verifyNote(note, keys).filter(({ key }) => key.purpose === 'log');
  if (verified.length === 0) throw new UnverifiedNoteError('Only witnesses have signed it, and not the log.');
  return verified;
}
