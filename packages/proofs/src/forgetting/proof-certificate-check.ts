import { type CertificateCheck, type CertificateCheckOptions, CertificateRefusedError } from '@leftfold/core';
import { MalformedKeyError, parseVerifierKey, type VerifierKey } from '../notes/keys.js';
import { MalformedNoteError } from '../notes/note.js';
import { UnverifiedNoteError } from '../notes/signing.js';
import { firstOriginOf } from '../stored/stored-tree.js';
import { InvalidProofError } from '../verifying/signers.js';
import type { ForgettingCertificate } from './certificate.js';
import { verifyCertificate } from './verify-certificate.js';

const REFUSALS = [MalformedKeyError, MalformedNoteError, UnverifiedNoteError, InvalidProofError];

/** Verifies certificates with the keys that seal the log, and its origins. */
export class ProofCertificateCheck implements CertificateCheck {
  private readonly own: readonly VerifierKey[];

  /**
   * @param own public keys; none when the log is not sealed
   * @param origins those of this log, also the ones that were given up
   */
  constructor(
    own: readonly string[],
    private readonly origins: () => Promise<readonly string[]>,
  ) {
    this.own = own.map((key) => parseVerifierKey(key));
  }

  get isSealed(): boolean {
    return this.own.length > 0;
  }

  async verify(text: string, { keys }: CertificateCheckOptions): Promise<void> {
    const origin = this.verified(text, keys).origin!;
    const origins = await this.origins();
    // A backup that is restored may be from before the origin was declared under which it was signed.
    if (origins.some((each) => firstOriginOf(each) === firstOriginOf(origin))) return;
    const ours = origins.length > 0 ? `this log is ${origins.join(', before ')}` : 'this log was never sealed';
    throw new CertificateRefusedError(`It is of another log: its origin is ${origin}, and ${ours}.`);
  }

  private verified(text: string, keys: readonly string[]): ForgettingCertificate {
    try {
      const known = [...this.own, ...keys.map((key) => parseVerifierKey(key.trim()))];
      if (known.length === 0)
        throw new UnverifiedNoteError('It is signed, and no public key of the log is known: give one.');
      return verifyCertificate(text, { keys: known }).certificate;
    } catch (error) {
      if (!REFUSALS.some((each) => error instanceof each)) throw error;
      throw new CertificateRefusedError((error as Error).message);
    }
  }
}
