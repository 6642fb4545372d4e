import type { Forgetting } from '../../personal-data/personal-data.js';
import type { CertificateCheck } from './certificate-check.js';
import { CertificateRefusedError } from './certificate-refused.error.js';

/** How a certificate is read. */
export interface ReadCertificateOptions {
  /** Public keys of the log, beside those that the application has, such as former ones. */
  readonly keys?: readonly string[];
  /** Whether one without a signature is taken although the log is sealed. Default: it is refused. */
  readonly unsigned?: boolean;
}

/** What a certificate says. */
export interface ReadCertificate extends Forgetting {
  /** Whether its signature was verified; else it has none. */
  readonly isVerified: boolean;
}

/**
 * Reads a certificate, or other JSON with the same members, and verifies the signature that it has. A sealed log signs all of
 * its certificates, so one without a signature may be from anybody.
 * @throws CertificateRefusedError
 */
export async function readCertificate(
  text: string,
  check: CertificateCheck | undefined,
  { keys = [], unsigned = false }: ReadCertificateOptions,
): Promise<ReadCertificate> {
  const { signatures, ...forgetting } = membersOf(text);
  if (signatures === 0) {
    if (check?.isSealed && !unsigned) {
      throw new CertificateRefusedError('It is not signed, and this log signs its certificates.', true);
    }
    return { ...forgetting, isVerified: false };
  }
  if (!check) throw new CertificateRefusedError('It is signed, and this application has no proofs to verify it with.');
  await check.verify(text, { keys });
  return { ...forgetting, isVerified: true };
}

function membersOf(text: string): Forgetting & { signatures: number } {
  let certificate: Partial<Record<keyof Forgetting | 'signatures', unknown>> | null;
  try {
    certificate = JSON.parse(text) as typeof certificate;
  } catch (error) {
    throw new CertificateRefusedError(`It is no JSON: ${(error as Error).message}`);
  }
  const { subject, eventId, position, forgottenAt, signatures = [] } = certificate ?? {};
  const at = new Date(typeof forgottenAt === 'string' ? forgottenAt : Number.NaN);
  const isWhole =
    typeof subject === 'string' &&
    subject !== '' &&
    typeof eventId === 'string' &&
    Number.isSafeInteger(position) &&
    !Number.isNaN(at.getTime()) &&
    Array.isArray(signatures);
  if (isWhole)
    return { subject, eventId, position: position as number, forgottenAt: at, signatures: signatures.length };
  throw new CertificateRefusedError(
    'It is no certificate of forgetting: it needs subject, eventId, position and forgottenAt.',
  );
}
