import { backUp, type BackupPlan, type CopiedFile, planBackup } from '@leftfold/core';
import { basename, resolve } from 'node:path';
import type { CommandLine } from '../cli/command-line.js';
import { size } from '../cli/format.js';

const KIBIBYTE = 1_024;

/** Does not start the application, so that a newer program can back up an older log before it migrates it. */
export async function makeBackup(cli: CommandLine, folder: string, json: boolean | undefined): Promise<void> {
  const { events, views } = await cli.databases();
  const plan = planBackup(events, views, resolve(folder));
  const files = await copy(cli, plan);
  explain(cli, plan, files);
  const answer = { folder: plan.folder, files, commands: plan.dumps };
  cli.output.answer(json, answer, () => [...files.map(line), ...plan.dumps]);
}

async function copy(cli: CommandLine, plan: BackupPlan): Promise<CopiedFile[]> {
  let file: string | undefined;
  let progress = cli.output.progress('KiB');
  try {
    return await backUp(plan, {
      signal: cli.signal,
      onProgress: (of, { copied, of: bytes }) => {
        if (of !== file) {
          progress.end();
          progress = cli.output.progress(`KiB of ${of}`);
          file = of;
        }
        progress.show(Math.floor(copied / KIBIBYTE), Math.ceil(bytes / KIBIBYTE));
      },
    });
  } finally {
    progress.end();
  }
}

/** On standard error, so that standard output has only the commands and can be piped to a shell. */
function explain({ output }: CommandLine, { dumps, leavesOutViews }: BackupPlan, files: readonly CopiedFile[]): void {
  if (dumps.length > 0) {
    output.note(
      'For PostgreSQL nothing was copied. Run the printed commands, in this order, with the password in PGPASSWORD or ~/.pgpass.',
    );
  }
  if (leavesOutViews) {
    output.note(
      'The read models in PostgreSQL are not backed up. After a restore, the application rebuilds them from the log.',
    );
  }
  if (files.length > 0) output.note('Keep the backup private: it contains password hashes.');
}

function line({ path, bytes }: CopiedFile): string {
  return `Copied ${basename(path)} (${size(bytes)}) to ${path}`;
}
