import { type CertificateCheck, type CertificateCheckOptions, CertificateRefusedError } from '@leftfold/core';
import { MalformedKeyError, parseVerifierKey, type VerifierKey } from '../notes/keys.js';
import { MalformedNoteError } from '../notes/note.js';
import { UnverifiedNoteError } from '../notes/signing.js';
import { InvalidProofError } from '../verifying/signers.js';
import { verifyCertificate } from './verify-certificate.js';

const REFUSALS = [MalformedKeyError, MalformedNoteError, UnverifiedNoteError, InvalidProofError];

/** Verifies certificates with the keys that seal the log. */
export class ProofCertificateCheck implements CertificateCheck {
  private readonly own: readonly VerifierKey[];

  /** @param own public keys; none when the log is not sealed */
  constructor(own: readonly string[]) {
    this.own = own.map((key) => parseVerifierKey(key));
  }

  get isSealed(): boolean {
    return this.own.length > 0;
  }

  verify(text: string, { keys }: CertificateCheckOptions): void {
    try {
      const known = [...this.own, ...keys.map((key) => parseVerifierKey(key.trim()))];
      if (known.length === 0)
        throw new UnverifiedNoteError('It is signed, and no public key of the log is known: give one.');
      verifyCertificate(text, { keys: known });
    } catch (error) {
      if (!REFUSALS.some((each) => error instanceof each)) throw error;
      throw new CertificateRefusedError((error as Error).message);
    }
  }
}
