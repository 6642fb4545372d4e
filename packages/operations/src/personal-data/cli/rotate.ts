import { ForeignKeyStoreError, KeyRotation } from '@leftfold/core';
import type { CommandLine } from '../../cli/command-line.js';
import { counted } from '../../cli/format.js';
import { CommandRefusedError } from '../../cli/usage.errors.js';

export async function rotate(cli: CommandLine, json?: boolean): Promise<void> {
  const keys = await cli.open(async (app) => {
    const progress = cli.output.progress('keys');
    try {
      return await app.get(KeyRotation).run({
        signal: cli.signal,
        onProgress: (done, of) => progress.show(done, of),
      });
    } catch (error) {
      if (error instanceof ForeignKeyStoreError) throw new CommandRefusedError(error.message);
      throw error;
    } finally {
      progress.end();
    }
  });
  cli.output.answer(json, { keys }, () => [
    keys === 0
      ? 'All keys are wrapped with the current master key.'
      : `${counted(keys, 'key')} wrapped with the current master key.`,
    'The master key of before is not needed any more, except for older backups.',
  ]);
}
