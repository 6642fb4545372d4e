import { readFile } from 'node:fs/promises';
import { UnreadableFileError } from '@leftfold/core';
import { CommandRefusedError } from '@leftfold/operations/cli';
import { MalformedKeyError, parseVerifierKey, type VerifierKey } from '../notes/keys.js';
import { MalformedNoteError } from '../notes/note.js';
import { UnverifiedNoteError } from '../notes/signing.js';
import { EventChangedError, EventNotFoundError, NotSealedYetError } from '../proving/proving.errors.js';
import { UnreadableTreeError } from '../stored/stored-tree.js';
import { BrokenTileError } from '../tree/tile-hashes.js';
import { InvalidProofError } from '../verifying/signers.js';
import { NotWitnessedError } from '../witnessing/witness.js';

const REFUSALS = [
  MalformedKeyError,
  MalformedNoteError,
  UnverifiedNoteError,
  InvalidProofError,
  NotWitnessedError,
  BrokenTileError,
  UnreadableTreeError,
  NotSealedYetError,
  EventNotFoundError,
  EventChangedError,
  UnreadableFileError,
  RangeError,
];

/** Runs the work. An error that the caller can correct ends the command with its message. @throws CommandRefusedError */
export async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (REFUSALS.some((each) => error instanceof each)) throw new CommandRefusedError((error as Error).message);
    throw error;
  }
}

/** @throws CommandRefusedError when the file can't be read */
export async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandRefusedError(`${file} can't be read: ${(error as Error).message}`);
  }
}

export function keysOf(texts: readonly string[] = []): VerifierKey[] {
  return texts.map((text) => parseVerifierKey(text.trim()));
}
