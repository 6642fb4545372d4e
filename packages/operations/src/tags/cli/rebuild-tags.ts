import { type RebuiltTags, TagRebuild } from '@leftfold/core';
import type { CommandLine } from '../../cli/command-line.js';
import { counted } from '../../cli/format.js';

export async function rebuildTags(
  cli: CommandLine,
  { all = false, dryRun = false, json }: { all?: boolean; dryRun?: boolean; json?: boolean },
): Promise<void> {
  const types = await cli.open(async (app) => {
    const progress = cli.output.progress('events');
    try {
      return await app.get(TagRebuild).run({
        all,
        dryRun,
        signal: cli.signal,
        onProgress: (events, of) => progress.show(events, of),
      });
    } finally {
      progress.end();
    }
  });
  cli.output.answer(json, { dryRun, types }, () => lines(types, dryRun));
}

function lines(types: readonly RebuiltTags[], dryRun: boolean): string[] {
  if (types.length === 0) return ["All stored events have the tags of today's classes."];
  const each = types.map(
    ({ type, events, added }) =>
      `${type}: ${counted(added, 'tag')} ${dryRun ? 'missing' : 'added'} in ${counted(events, 'event')}`,
  );
  const last = dryRun
    ? 'Nothing was written. Without --dry-run they are added.'
    : 'Done. Running nodes read their decision models again, so they need no restart.';
  return [...each, last];
}
