import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ProofSettings } from '../config/proof-variables.js';
import { SettingsError } from '../config/settings.error.js';

/**
 * The file that remembers the last checkpoint. Its folder is not made here: a missing one is often a volume that is not
 * mounted, and a new folder would forget the checkpoint with the container.
 * @throws SettingsError when its folder does not exist
 */
export function proofMemory({ memory }: ProofSettings): string | undefined {
  if (memory === undefined) return undefined;
  const folder = dirname(resolve(memory));
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return memory;
  throw new SettingsError(
    'PROOF_MEMORY',
    `is ${memory}, and there is no folder ${folder}; make the folder, or set it to a file in another one.`,
  );
}
