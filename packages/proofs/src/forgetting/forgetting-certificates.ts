import type { Databases, Forgetting, PersonalData } from '@leftfold/core';
import { toBase64 } from '../notes/base64.js';
import { parseCheckpoint } from '../notes/checkpoint.js';
import { formatProof } from '../notes/proof-file.js';
import { readProvedEvent } from '../proving/proved-event.js';
import type { Proofs } from '../proving/proofs.js';
import type { ResolvedProofsOptions } from '../sealing/proofs-options.js';
import type { Sealed } from '../sealing/sealed.js';
import { CertificateEntity } from '../stored/certificate.entity.js';
import {
  CERTIFICATE_FORMAT,
  type CertificateFacts,
  type ForgettingCertificate,
  signCertificate,
} from './certificate.js';
import { forgottenFields } from './forgotten-fields.js';

/** What seals the log; undefined options when it is not sealed. */
export interface Sealing {
  readonly options: ResolvedProofsOptions | undefined;
  readonly proofs: Proofs;
  readonly sealed: Sealed;
}

/** Makes and keeps the certificates that subjects of personal data are forgotten. */
export class ForgettingCertificates {
  /** @internal */
  constructor(
    private readonly personalData: PersonalData,
    private readonly databases: Databases,
    private readonly sealing: Sealing,
  ) {}

  /**
   * The certificate of a forgetting. It is signed and kept at the first call after a checkpoint covers the forgetting; every
   * call after that returns the same. When the log is not sealed it has no signatures, and is made again each time.
   * @param before the last checkpoint that was signed before the forgetting, as a signed note
   * @param limit the longest that it waits for a checkpoint, in ms
   * @returns undefined when no checkpoint covers the forgetting in time, when nothing of the subject is forgotten, or when this
   *   log does not have the event that forgets it: it was lost with a restored backup
   */
  async of(subject: string, before: string | null, limit: number): Promise<ForgettingCertificate | undefined> {
    const kept = await this.find(subject);
    if (kept) return kept;
    const forgetting = await this.personalData.forgettingOf(subject);
    if (!forgetting) return undefined;
    const { options, sealed } = this.sealing;
    if (!options) return { ...(await this.factsOf(forgetting)), signatures: [] };
    if (!(await sealed.waitFor(forgetting.position, limit))) return undefined;
    const proofs = await this.proofsOf(forgetting, before);
    return proofs && this.keep(signCertificate({ ...(await this.factsOf(forgetting)), ...proofs }, options.keys));
  }

  private async factsOf({ subject, eventId, position, forgottenAt }: Forgetting): Promise<CertificateFacts> {
    return {
      format: CERTIFICATE_FORMAT,
      subject,
      eventId,
      position,
      forgottenAt: forgottenAt.toISOString(),
      ...(await forgottenFields(this.personalData.fieldsOf(subject), position)),
      origin: null,
      before: null,
      consistency: [],
      proof: null,
    };
  }

  private async proofsOf(
    { eventId, position }: Forgetting,
    note: string | null,
  ): Promise<Pick<CertificateFacts, 'origin' | 'before' | 'consistency' | 'proof'> | undefined> {
    const { proofs } = this.sealing;
    const proof = await proofs.prove(position);
    if (readProvedEvent(proof.extra!)?.eventId !== eventId) return undefined;
    const { origin, size } = proof.checkpoint;
    const before = note === null ? undefined : parseCheckpoint(note);
    // A checkpoint from before a new origin was declared no longer binds the log.
    const binds = before?.origin === origin && before.size < position;
    const consistency = binds ? (await proofs.consistency(before.size, size)).proof.map(toBase64) : [];
    return { origin, before: binds ? note : null, consistency, proof: formatProof(proof) };
  }

  /** Two nodes may make one at once: the first that is stored stays. */
  private async keep(certificate: ForgettingCertificate): Promise<ForgettingCertificate> {
    const { subject } = certificate;
    await this.databases.besideTheLog((manager) =>
      manager
        .createQueryBuilder()
        .insert()
        .into(CertificateEntity)
        .values({ subject, certificate: JSON.stringify(certificate) })
        .orIgnore()
        .execute(),
    );
    return (await this.find(subject))!;
  }

  private async find(subject: string): Promise<ForgettingCertificate | undefined> {
    const row = await this.databases.events.read.manager.findOneBy(CertificateEntity, { subject });
    return row ? (JSON.parse(row.certificate) as ForgettingCertificate) : undefined;
  }
}
