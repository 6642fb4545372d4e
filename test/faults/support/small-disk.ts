import { execFile, spawnSync } from 'node:child_process';
import { open, rm } from 'node:fs/promises';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createScratchFolder } from '../../../packages/core/test/support/test-run.mjs';

const run = promisify(execFile);
const BLOCK = 4_096;

/** A separate disk in memory, as a folder. */
export interface SmallDisk {
  readonly folder: string;
  /** Takes all free space. Returns the number of bytes. */
  fill(): Promise<number>;
  /** Frees what `fill` took. */
  makeRoom(): Promise<void>;
  unmount(): Promise<void>;
}

/** Whether this machine lets a test mount disks. */
export function canMountDisks(): boolean {
  const probe = mkdtempSync(join(tmpdir(), 'leftfold-mount-'));
  const [program, ...args] = mountCommand(probe, 1);
  const mounted = process.platform === 'linux' && spawnSync(program!, args).status === 0;
  if (mounted) spawnSync(...unmountCommand(probe));
  rmdirSync(probe);
  return mounted;
}

export async function mountSmallDisk(mebibytes: number): Promise<SmallDisk> {
  const folder = await createScratchFolder('disk');
  const filler = join(folder, 'filler');
  const [program, ...args] = mountCommand(folder, mebibytes);
  await run(program!, args);
  return {
    folder,
    fill: () => fill(filler),
    makeRoom: () => rm(filler),
    unmount: async () => {
      await run(...unmountCommand(folder));
    },
  };
}

function mountCommand(folder: string, mebibytes: number): string[] {
  return [...sudo(), 'mount', '-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=0777`, 'leftfold-test', folder];
}

function unmountCommand(folder: string): [string, string[]] {
  const [program, ...args] = [...sudo(), 'umount', folder];
  return [program, args];
}

/** A CI runner may become root without a password; on other machines no password is asked for. */
function sudo(): string[] {
  return process.env.CI === 'true' && process.getuid?.() !== 0 ? ['sudo', '-n'] : [];
}

async function fill(path: string): Promise<number> {
  const file = await open(path, 'a');
  let written = 0;
  try {
    for (let size = 64 * BLOCK; size >= BLOCK; size /= 4) {
      // A write that does not fit completely is the last one.
      for (let taken = size; taken === size; written += taken) taken = await write(size);
    }
    return written;
  } finally {
    await file.close();
  }

  async function write(size: number): Promise<number> {
    try {
      return (await file.write(Buffer.alloc(size, 1))).bytesWritten;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return 0;
      throw error;
    }
  }
}
