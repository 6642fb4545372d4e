import { type CommandLine, CommandRefusedError, count, counted, printable } from '@leftfold/operations/cli';
import { type ExportReport, verifyExport } from '../verifying/verify-export.js';
import type { VerifyExportArguments } from './arguments.js';
import { keysOf, refusing } from './refuse.js';

/** Most findings to print. */
const SHOWN = 20;

export async function verifyExportedFile(
  cli: CommandLine,
  file: string,
  { key, witness = [], origin, json }: VerifyExportArguments,
): Promise<void> {
  const progress = cli.output.progress('positions');
  let report: ExportReport;
  try {
    report = await refusing(async () =>
      verifyExport(file, {
        keys: keysOf([...key, ...witness]),
        origin,
        witnesses: witness.length,
        most: SHOWN,
        signal: cli.signal,
        onProgress: (position, of) => progress.show(position, of),
      }),
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new CommandRefusedError(`${file} can't be read: ${(error as Error).message}`);
  } finally {
    progress.end();
  }
  cli.output.answer(json, report, () => lines(report));
  if (!report.ok) cli.fail();
}

function lines(report: ExportReport): string[] {
  const { ok, header, origin, size, signedBy, events, leftOut, findings, found } = report;
  const keys = signedBy.map(({ key, time }) => (time ? `${key} at ${time}` : key)).join(', ');
  const signed = `Checkpoint: ${counted(size, 'event')} of ${printable(origin)}, signed by ${keys}.`;
  if (!ok) {
    const more = found > findings.length ? [`  and ${count(found - findings.length)} more`] : [];
    return [
      `The file is NOT as the log was sealed: ${counted(found, 'finding')}.`,
      ...findings.map(({ line, message }) => `  ${line === undefined ? '' : `line ${line}: `}${printable(message)}`),
      ...more,
      signed,
    ];
  }
  const range = `the positions ${count(header.after + 1)} to ${count(header.until)}`;
  return header.verifiable === 'whole'
    ? [`The file has all ${counted(events, 'event')} of ${range}, as they were sealed.`, signed]
    : [
        `The ${counted(events, 'event')} of the file are as they were sealed.`,
        `Of ${range}, ${counted(leftOut, 'event')} are left out. It can't be shown that none of them is of the category ${printable(header.category ?? '')}.`,
        signed,
      ];
}
