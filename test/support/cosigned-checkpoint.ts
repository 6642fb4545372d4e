import { formatNote, newSigningKey, parseSigningKey, Proofs, signNote } from '@leftfold/proofs';
import type { TestApp } from './test-app.js';

/** A witness. Its public key is `WITNESS.verifier`. */
export const WITNESS = parseSigningKey(newSigningKey('w.example', 'witness'));

/** The last checkpoint of a sealed application, signed by the witness as well. */
export async function cosignedCheckpoint(app: TestApp): Promise<string> {
  const { note } = (await app.nest.get(Proofs, { strict: false }).checkpoint())!;
  return formatNote({ ...note, signatures: [...note.signatures, signNote(note.text, WITNESS)] });
}
