import { LogImport, type LogImportReport } from '@leftfold/core';
import type { INestApplicationContext } from '@nestjs/common';
import { access, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CommandLine } from '../../cli/command-line.js';
import { count, counted } from '../../cli/format.js';
import type { Progress } from '../../cli/progress.js';
import { CommandRefusedError } from '../../cli/usage.errors.js';
import { refusingFiles } from './file-refusals.js';
import { openForDryRun } from './open-for-dry-run.js';

export interface ImportArguments {
  readonly onto?: boolean;
  readonly mapping?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export async function importLog(
  cli: CommandLine,
  file: string,
  { mapping, json, ...options }: ImportArguments,
): Promise<void> {
  const path = resolve(file);
  const map = mapping === undefined ? undefined : await readMapping(resolve(mapping));
  // Before anything is made for a file that is not there.
  await refusingFiles(path, () => access(path));
  const work = async (app: INestApplicationContext): Promise<LogImportReport> => {
    let progress: Progress | undefined;
    try {
      return await refusingFiles(path, () =>
        app.get(LogImport).run(path, {
          ...options,
          ...(map !== undefined && { mapping: map }),
          signal: cli.signal,
          onProgress: (done, of, unit) => (progress ??= cli.output.progress(unit)).show(done, of),
        }),
      );
    } finally {
      progress?.end();
    }
  };
  const { dryRun = false } = options;
  const report = await (dryRun ? openForDryRun(cli, work) : cli.open(work, { mayCreateLog: true }));
  cli.output.answer(json, { file: path, dryRun, ...report }, () => lines(report, dryRun));
}

async function readMapping(path: string): Promise<unknown> {
  const text = await refusingFiles(path, () => readFile(path, 'utf8'));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandRefusedError(`${path} is no JSON: ${(error as Error).message}`);
  }
}

function lines({ added, skipped, laterTimes, encrypted, from, to }: LogImportReport, dryRun: boolean): string[] {
  const places = added === 0 ? '' : `, at the positions ${count(from)} to ${count(to)}`;
  return [
    `${dryRun ? 'Would import' : 'Imported'} ${counted(added, 'event')}${places}.`,
    ...(skipped > 0 ? [`${counted(skipped, 'event')} ${skipped === 1 ? 'is' : 'are'} there already.`] : []),
    ...(laterTimes > 0
      ? [
          `${counted(laterTimes, 'event')} ${dryRun ? 'would get' : 'got'} the time of the event before, because times never decrease; ` +
            'the time of the file is in the metadata, as custom.recordedAt.',
        ]
      : []),
    ...(encrypted > 0
      ? [
          `${counted(encrypted, 'event')} ${encrypted === 1 ? 'has' : 'have'} personal fields in plain text in the file. They ${dryRun ? 'would be' : 'are'} encrypted in the log.`,
        ]
      : []),
    ...(dryRun ? ['Nothing was written.'] : []),
  ];
}
