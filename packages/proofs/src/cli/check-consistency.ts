import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandLine, CommandRefusedError } from '@leftfold/operations/cli';
import { parseCheckpoint, type SignedCheckpoint } from '../notes/checkpoint.js';
import type { VerifierKey } from '../notes/keys.js';
import { verifyNote } from '../notes/signing.js';
import { Proofs } from '../proving/proofs.js';
import { proveConsistency } from '../tree/prove.js';
import { hashesFromTiles, type ReadTiles } from '../tree/tile-hashes.js';
import { TILE_WIDTH, tilePath } from '../tree/tile.js';
import { isConsistent } from '../tree/verify.js';
import { formatWitnessRequest } from '../witnessing/witness-request.js';
import type { ConsistencyArguments } from './arguments.js';
import { keysOf, refusing, textOf } from './refuse.js';

export async function checkConsistency(
  cli: CommandLine,
  oldFile: string,
  newFile: string | undefined,
  { key, tiles, request, json }: ConsistencyArguments,
): Promise<void> {
  const keys = await refusing(async () => keysOf(key));
  const older = await checkpointIn(oldFile, keys);
  const named = newFile === undefined ? undefined : await checkpointIn(newFile, keys);
  const { newer, proof } = await (tiles === undefined
    ? fromTheLog(cli, older, named)
    : fromTiles(older, named ?? (await checkpointIn(join(tiles, '..', 'checkpoint'), keys)), tiles));
  verifyNote(newer.note, keys);
  const isSame = older.origin === newer.origin;
  const ok = isSame && isConsistent(proof, older, newer);
  if (request && ok) {
    cli.output.line(formatWitnessRequest({ oldSize: older.size, proof, checkpoint: newer }).slice(0, -1));
    return;
  }
  const answer = { ok, origin: newer.origin, oldSize: older.size, newSize: newer.size };
  cli.output.answer(json, answer, () => [sentence(older, newer, ok)]);
  if (!ok) cli.fail();
}

function sentence(older: SignedCheckpoint, newer: SignedCheckpoint, ok: boolean): string {
  if (ok) return `Consistent: the checkpoint of ${newer.size} events only adds to the one of ${older.size}.`;
  if (older.origin !== newer.origin) return `NOT consistent: the origins are ${older.origin} and ${newer.origin}.`;
  if (older.size > newer.size) {
    return `NOT consistent: the log has ${newer.size} events, and ${older.size} were signed. It may have been restored from an older backup.`;
  }
  return `NOT consistent: the first ${older.size} events are not those that were signed. The log was rewritten, or restored from an older backup.`;
}

interface Newer {
  readonly newer: SignedCheckpoint;
  readonly proof: readonly Buffer[];
}

async function fromTheLog(
  cli: CommandLine,
  older: SignedCheckpoint,
  named: SignedCheckpoint | undefined,
): Promise<Newer> {
  return cli.open((app) =>
    refusing(async () => {
      const proofs = app.get(Proofs, { strict: false });
      const newer = named ?? (await proofs.checkpoint());
      if (!newer) throw new CommandRefusedError('The log has no signed checkpoint yet.');
      if (older.size > newer.size) return { newer, proof: [] };
      return { newer, proof: (await proofs.consistency(older.size, newer.size)).proof };
    }),
  );
}

async function fromTiles(older: SignedCheckpoint, newer: SignedCheckpoint, folder: string): Promise<Newer> {
  if (older.size > newer.size) return { newer, proof: [] };
  const read = hashesFromTiles(newer.size, tilesIn(folder));
  return { newer, proof: await refusing(() => proveConsistency(older.size, newer.size, read)) };
}

/** A partial tile may have been replaced by the full one. */
function tilesIn(folder: string): ReadTiles {
  return (tiles) =>
    Promise.all(
      tiles.map(async (tile) => {
        const partial = await ifThere(join(folder, tilePath(tile)));
        const bytes = partial ?? (await ifThere(join(folder, tilePath({ ...tile, width: TILE_WIDTH }))));
        // A tile that is missing has no hashes, and the proof says so.
        return (bytes ?? Buffer.alloc(0)).subarray(0, tile.width * 32);
      }),
    );
}

/** A file that can't be read is another matter than one that is not there. */
async function ifThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function checkpointIn(file: string, keys: readonly VerifierKey[]): Promise<SignedCheckpoint> {
  const text = await textOf(file);
  return refusing(async () => {
    const checkpoint = parseCheckpoint(text);
    verifyNote(checkpoint.note, keys);
    return checkpoint;
  });
}
