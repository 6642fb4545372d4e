import { LogVerifier, type VerifyReport } from '@leftfold/core';
import { harmless } from '../../cli/columns.js';
import type { CommandLine } from '../../cli/command-line.js';
import { count, counted } from '../../cli/format.js';

/** Most findings to print; the first ones tell the most. */
const SHOWN = 10;

export async function verifyLog(cli: CommandLine, json: boolean | undefined): Promise<void> {
  const report = await cli.open(async (app) => {
    const progress = cli.output.progress('events');
    try {
      return await app.get(LogVerifier).verify({
        signal: cli.signal,
        most: SHOWN,
        onProgress: ({ events, of }) => progress.show(events, of),
      });
    } finally {
      progress.end();
    }
  });
  cli.output.answer(json, report, () => (report.ok ? soundness(report) : findings(report)));
  if (!report.ok) cli.fail();
}

function soundness(report: VerifyReport): string[] {
  return ['The log is sound: everything fits.', `Checked: ${looked(report)}.`];
}

function findings({ findings, found, ...report }: VerifyReport): string[] {
  const shown = findings.map(({ check, message }) => `  ${check}: ${harmless(message)}`);
  const more = found > findings.length ? [`  and ${count(found - findings.length)} more`] : [];
  return [
    `The log is NOT sound: ${counted(found, 'finding')}.`,
    ...shown,
    ...more,
    `Checked: ${looked(report)}.`,
    'Restore a backup, or rebuild the read models that are named. Until then, trust neither the log nor its read models.',
  ];
}

function looked({ events, streams, subscriptions, parked }: Omit<VerifyReport, 'findings' | 'found'>): string {
  const list = [counted(events, 'event'), counted(streams, 'stream'), counted(subscriptions, 'subscription')];
  return `${list.join(', ')} and ${counted(parked, 'event')} set aside`;
}
