import { LookUpRebuild } from '@leftfold/core';
import type { CommandLine } from '../../cli/command-line.js';
import { counted } from '../../cli/format.js';

export async function rebuildLookUps(cli: CommandLine, { json }: { json?: boolean }): Promise<void> {
  const events = await cli.open(async (app) => {
    const progress = cli.output.progress('events');
    try {
      return await app.get(LookUpRebuild).run({
        signal: cli.signal,
        onProgress: (done, of) => progress.show(done, of),
      });
    } finally {
      progress.end();
    }
  });
  cli.output.answer(json, { events }, () => [`Done. ${counted(events, 'event')} can be looked up again.`]);
}
