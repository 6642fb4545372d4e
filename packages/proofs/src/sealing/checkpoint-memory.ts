import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseCheckpoint, type SignedCheckpoint } from '../notes/checkpoint.js';
import { formatNote } from '../notes/note.js';

/**
 * Remembers the last checkpoint that was signed, outside the database: so a log that was restored from an older backup is
 * found.
 */
export interface CheckpointMemory {
  /** Undefined when nothing is remembered. */
  read(): Promise<SignedCheckpoint | undefined>;
  /** Settles when it survives a power failure. */
  write(checkpoint: SignedCheckpoint): Promise<void>;
}

/** For an application without a file: it forgets everything. */
export const NO_MEMORY: CheckpointMemory = {
  read: async () => undefined,
  write: async () => undefined,
};

/** A file with the last checkpoint. */
export class CheckpointFile implements CheckpointMemory {
  constructor(readonly path: string) {}

  /** @throws MalformedNoteError when the file has something else */
  async read(): Promise<SignedCheckpoint | undefined> {
    try {
      return parseCheckpoint(await readFile(this.path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async write({ note }: SignedCheckpoint): Promise<void> {
    await replaceFile(this.path, formatNote(note));
  }
}

/**
 * Replaces a file in one step, so that a crash leaves the old or the new text. Settles when the new one survives a power
 * failure.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const written = `${path}.new`;
  const file = await open(written, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(written, path);
  await syncFolder(dirname(path));
}

/** The new name is in the folder, which is written later unless it is asked for. Windows can't be asked. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
