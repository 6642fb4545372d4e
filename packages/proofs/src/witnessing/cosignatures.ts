import type { Databases } from '@leftfold/core';
import { type EntityManager, In, LessThan } from 'typeorm';
import { parseCheckpoint, type SignedCheckpoint } from '../notes/checkpoint.js';
import { parseVerifierKey } from '../notes/keys.js';
import { formatNote, parseSignature, signatureLine } from '../notes/note.js';
import type { Proofs } from '../proving/proofs.js';
import type { ResolvedProofsOptions } from '../sealing/proofs-options.js';
import { CosignatureEntity } from '../stored/cosignature.entity.js';
import { CosignatureRefusedError } from './cosigning.errors.js';
import { type CosignedCheckpoint, readCosigned } from './read-cosigned.js';

/** What was stored of a cosigned checkpoint. */
export interface StoredCosignatures {
  readonly origin: string;
  readonly size: number;
  /** Names and ids of the witnesses' keys. */
  readonly witnesses: readonly string[];
}

/** Signatures of witnesses below checkpoints of this log. */
export class Cosignatures {
  /** @internal */
  constructor(
    private readonly options: ResolvedProofsOptions | undefined,
    private readonly proofs: Proofs,
    private readonly databases: Databases,
  ) {}

  /**
   * Verifies a checkpoint that trusted witnesses have signed, and stores their signatures. Of two of one witness the later one stays.
   * @param text a signed note with the signatures of the log and of witnesses
   * @throws CosignatureRefusedError
   */
  async add(text: string): Promise<StoredCosignatures> {
    const { options } = this;
    if (!options) throw new CosignatureRefusedError('The log is not sealed here, so no cosignatures are taken.');
    if (options.witnesses.length === 0) {
      throw new CosignatureRefusedError('No witness is trusted here. Configure the public keys of witnesses first.');
    }
    const logKeys = options.keys.map(({ verifier }) => parseVerifierKey(verifier));
    const cosigned = readCosigned(text, logKeys, options.witnesses);
    await this.refuseOther(cosigned.checkpoint);
    await this.databases.besideTheLog((manager) => store(manager, cosigned));
    const { origin, size } = cosigned.checkpoint;
    return { origin, size, witnesses: cosigned.cosignatures.map(({ witness }) => witness) };
  }

  /** A checkpoint of this log with the signatures of witnesses that it has got. */
  async of(checkpoint: SignedCheckpoint): Promise<SignedCheckpoint> {
    const { origin, size, note } = checkpoint;
    const rows = await this.manager.find(CosignatureEntity, {
      where: { origin, size, ...this.trusted },
      order: { witness: 'ASC' },
    });
    const fitting = rows.filter((row) => parseCheckpoint(row.checkpoint).note.text === note.text);
    const signatures = fitting.map(({ signature }) => parseSignature(signature));
    return { ...checkpoint, note: { ...note, signatures: [...note.signatures, ...signatures] } };
  }

  /** The newest checkpoint that a trusted witness has signed, with all their signatures; undefined when there is none. */
  async latest(): Promise<SignedCheckpoint | undefined> {
    const [origin] = await this.proofs.origins();
    if (origin === undefined) return undefined;
    const row = await this.manager.findOne(CosignatureEntity, {
      where: { origin, ...this.trusted },
      order: { size: 'DESC' },
    });
    return row ? this.of(parseCheckpoint(row.checkpoint)) : undefined;
  }

  /** The signature of the log alone would do for an honest log; a stolen key must not bring in another history. */
  private async refuseOther({ origin, size, root }: SignedCheckpoint): Promise<void> {
    const last = await this.proofs.checkpoint();
    if (last?.origin !== origin) {
      const own = last ? `this log is ${last.origin}` : 'this log has signed none';
      throw new CosignatureRefusedError(`The checkpoint is of ${origin}, and ${own}.`);
    }
    if (size < 1 || size > last.size) {
      throw new CosignatureRefusedError(
        `This log never signed a checkpoint of ${size} events: its last one has ${last.size}.`,
      );
    }
    const { roots } = await this.proofs.consistency(size, last.size);
    if (roots[0].equals(root)) return;
    throw new CosignatureRefusedError(
      `The first ${size} events of this log are others than those of the checkpoint. Keep the file, and run "leftfold proofs verify".`,
    );
  }

  /** Where nothing is configured, what was stored is trusted. */
  private get trusted() {
    const names = this.options?.witnesses.map(({ name, keyId }) => `${name}+${keyId}`);
    return names ? { witness: In(names) } : {};
  }

  private get manager(): EntityManager {
    return this.databases.events.read.manager;
  }
}

/** Two may be stored at once: both statements leave the later one. */
async function store(manager: EntityManager, { checkpoint, cosignatures }: CosignedCheckpoint): Promise<void> {
  const { origin, size } = checkpoint;
  for (const { witness, signedAt, signature } of cosignatures) {
    const place = { origin, size, witness };
    const signed = {
      signedAt,
      signature: signatureLine(signature).slice(0, -1),
      checkpoint: formatNote(checkpoint.note),
    };
    await manager
      .createQueryBuilder()
      .insert()
      .into(CosignatureEntity)
      .values({ ...place, ...signed })
      .orIgnore()
      .execute();
    await manager.update(CosignatureEntity, { ...place, signedAt: LessThan(signedAt) }, signed);
  }
}
