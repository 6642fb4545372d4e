import { open, rm } from 'node:fs/promises';
import type { SignedCheckpoint } from '../notes/checkpoint.js';
import type { SigningKey, VerifierKey } from '../notes/keys.js';
import type { NoteSignature } from '../notes/note.js';
import { signNote, verifyNote } from '../notes/signing.js';
import { CheckpointFile } from '../sealing/checkpoint-memory.js';
import { EMPTY_ROOT } from '../tree/hashes.js';
import { isConsistent } from '../tree/verify.js';
import type { WitnessRequest } from './witness-request.js';

/** A witness does not sign. The message says why. */
export class NotWitnessedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotWitnessedError';
  }
}

/** Signs checkpoints of one log that only add to the last one that it has signed. Its state is a file. */
export class Witness {
  private readonly state: CheckpointFile;

  /** @param stateFile has the last checkpoint that it has signed */
  constructor(
    private readonly key: SigningKey,
    private readonly logKeys: readonly VerifierKey[],
    private readonly stateFile: string,
  ) {
    if (key.purpose !== 'witness') {
      throw new NotWitnessedError(
        `The key ${key.name}+${key.keyId} is no key of a witness. Make one with "key new --witness".`,
      );
    }
    this.state = new CheckpointFile(stateFile);
  }

  /**
   * Checks that the checkpoint is signed by the log and only adds to the last one, remembers it, and signs it.
   * @throws NotWitnessedError, UnverifiedNoteError, MalformedNoteError
   */
  async cosign({ oldSize, proof, checkpoint }: WitnessRequest): Promise<NoteSignature> {
    return this.alone(async () => {
      verifyNote(checkpoint.note, this.logKeys);
      const last = await this.state.read();
      refuseOther(last, checkpoint, oldSize);
      const first = last ?? { size: 0, root: EMPTY_ROOT };
      if (!isConsistent(proof, first, checkpoint)) {
        throw new NotWitnessedError(
          `The log was rewritten: its checkpoint of ${checkpoint.size} events does not only add to the one of ${first.size} that was signed here. It may have been restored from an older backup. Keep both files: they prove it.`,
        );
      }
      // First remembered, then signed: a crash must not let it sign another checkpoint of that size.
      await this.state.write(checkpoint);
      return signNote(checkpoint.note.text, this.key);
    });
  }

  /** Two programs with the same state would both sign. */
  private async alone<T>(work: () => Promise<T>): Promise<T> {
    const lock = `${this.stateFile}.lock`;
    const file = await open(lock, 'wx').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw new NotWitnessedError(`The state can't be used: ${error.message}`);
      throw new NotWitnessedError(`Another witness uses this state. If none runs, delete ${lock}.`);
    });
    try {
      return await work();
    } finally {
      await file.close();
      await rm(lock);
    }
  }
}

function refuseOther(last: SignedCheckpoint | undefined, { origin, size }: SignedCheckpoint, oldSize: number): void {
  if (last && last.origin !== origin) {
    throw new NotWitnessedError(
      `The last checkpoint was of ${last.origin}, and this one is of ${origin}. Use another state for another origin, after its operator said why it changed.`,
    );
  }
  const known = last?.size ?? 0;
  if (size < known) {
    throw new NotWitnessedError(
      `The log shrank: a checkpoint of ${known} events was signed here, and this one has ${size}. It may have been restored from an older backup.`,
    );
  }
  if (oldSize !== known) {
    throw new NotWitnessedError(`The proof begins at ${oldSize} events, and this witness has seen ${known}.`);
  }
}
