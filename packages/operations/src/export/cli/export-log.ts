import { EventLog, LogExport, type LogExportOptions, type LogExportReport } from '@leftfold/core';
import { resolve } from 'node:path';
import type { CommandLine } from '../../cli/command-line.js';
import { count, counted } from '../../cli/format.js';
import { CommandRefusedError } from '../../cli/usage.errors.js';
import type { ParquetExportReport } from '../parquet-export.js';
import { refusingFiles } from './file-refusals.js';

export interface ExportArguments {
  readonly after?: number;
  readonly until?: number | Date;
  readonly category?: string;
  readonly checkpoint?: boolean;
  readonly json?: boolean;
}

/** Options of an export, but for the format of the file. */
type Options = Omit<LogExportOptions, 'checkpoint'>;

export async function exportLog(cli: CommandLine, file: string, given: ExportArguments): Promise<void> {
  const path = resolve(file);
  if (path.endsWith('.parquet')) return exportParquet(cli, path, given);
  const report = await withOptions(cli, path, given, (log, options) =>
    log.run(path, { ...options, checkpoint: given.checkpoint ?? false }),
  );
  cli.output.answer(given.json, { file: path, ...report }, () => [
    report.wasComplete ? complete(path, report) : exported(path, report),
    ...(!report.wasComplete && report.resumedAfter > report.after
      ? [`An export that had ended at position ${count(report.resumedAfter)} was continued.`]
      : []),
    VERIFIABLE[report.verifiable],
  ]);
}

async function exportParquet(cli: CommandLine, path: string, given: ExportArguments): Promise<void> {
  if (given.checkpoint) {
    throw new CommandRefusedError(
      'A Parquet file has no checkpoint. Leave --checkpoint out, or export to a file .ndjson.',
    );
  }
  const { exportToParquet } = await import('../parquet-export.js');
  const report = await withOptions(cli, path, given, (log, options) => exportToParquet(log, path, options));
  cli.output.answer(given.json, { file: path, ...report }, () => [
    exported(path, report),
    "It can't be verified or imported: an export to a file .ndjson can.",
  ]);
}

/** Runs an export on the log of the application, and shows its progress. */
function withOptions<Report>(
  cli: CommandLine,
  path: string,
  { until, after, category }: ExportArguments,
  work: (log: LogExport, options: Options) => Promise<Report>,
): Promise<Report> {
  return cli.open(async (app) => {
    const upTo = until instanceof Date ? await app.get(EventLog).positionAt(until) : until;
    const progress = cli.output.progress('positions');
    const options: Options = {
      ...(after !== undefined && { after }),
      ...(upTo !== undefined && { until: upTo }),
      ...(category !== undefined && { category }),
      signal: cli.signal,
      onProgress: (position, of) => progress.show(position, of),
    };
    try {
      return await refusingFiles(path, () => work(app.get(LogExport), options));
    } finally {
      progress.end();
    }
  });
}

const VERIFIABLE: Readonly<Record<LogExportReport['verifiable'], string>> = {
  whole: 'Anyone with the public key can verify it: leftfold proofs verify-export.',
  lines: 'Each line can be verified, but not that no event of the category is missing: the others are left out.',
  nothing: "It can't be verified. With --checkpoint it could.",
};

function exported(path: string, report: ParquetExportReport): string {
  return `Exported ${contents(report)}, to ${path}`;
}

function complete(path: string, report: ParquetExportReport): string {
  return `${path} was complete already, with ${contents(report)}. Nothing was written.`;
}

function contents({ after, until, events }: ParquetExportReport): string {
  const positions =
    until > after ? `of the positions ${count(after + 1)} to ${count(until)}` : 'as none is within the bounds';
  return `${counted(events, 'event')}, ${positions}`;
}
