import { EventLog, LogExport, type LogExportReport } from '@leftfold/core';
import { resolve } from 'node:path';
import type { CommandLine } from '../../cli/command-line.js';
import { count, counted } from '../../cli/format.js';
import { refusingFiles } from './file-refusals.js';

export interface ExportArguments {
  readonly after?: number;
  readonly until?: number | Date;
  readonly category?: string;
  readonly checkpoint?: boolean;
  readonly json?: boolean;
}

export async function exportLog(
  cli: CommandLine,
  file: string,
  { until, json, ...options }: ExportArguments,
): Promise<void> {
  const path = resolve(file);
  const report = await cli.open(async (app) => {
    const upTo = until instanceof Date ? await app.get(EventLog).positionAt(until) : until;
    const progress = cli.output.progress('positions');
    try {
      return await refusingFiles(path, () =>
        app.get(LogExport).run(path, {
          ...options,
          ...(upTo !== undefined && { until: upTo }),
          signal: cli.signal,
          onProgress: (position, of) => progress.show(position, of),
        }),
      );
    } finally {
      progress.end();
    }
  });
  cli.output.answer(json, { file: path, ...report }, () => lines(path, report));
}

const VERIFIABLE: Readonly<Record<LogExportReport['verifiable'], string>> = {
  whole: 'Anyone with the public key can verify it: leftfold proofs verify-export.',
  lines: 'Each line can be verified, but not that no event of the category is missing: the others are left out.',
  nothing: "It can't be verified. With --checkpoint it could.",
};

function lines(path: string, { after, until, events, resumedAfter, verifiable }: LogExportReport): string[] {
  return [
    `Exported ${counted(events, 'event')}, of the positions ${count(after + 1)} to ${count(until)}, to ${path}`,
    ...(resumedAfter > after ? [`An export that had ended at position ${count(resumedAfter)} was continued.`] : []),
    VERIFIABLE[verifiable],
  ];
}
