import { LogVerifier, type VerifyReport } from '@leftfold/core';
import { printable } from '../../cli/columns.js';
import type { CommandLine } from '../../cli/command-line.js';
import { count, counted } from '../../cli/format.js';

/** Most findings to print. Later findings often follow from the first ones. */
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
  cli.output.answer(json, report, () => (report.ok ? soundLines(report) : findingLines(report)));
  if (!report.ok) cli.fail();
}

function soundLines(report: VerifyReport): string[] {
  return [
    'The log is sound: no violations were found.',
    `Checked: ${checkedCounts(report)}.`,
    ...formerTags(report),
    ...uncheckedTags(report),
  ];
}

function findingLines(report: VerifyReport): string[] {
  const { findings, found } = report;
  const shown = findings.map(({ check, message }) => `  ${check}: ${printable(message)}`);
  const more = found > findings.length ? [`  and ${count(found - findings.length)} more`] : [];
  return [
    `The log is NOT sound: ${counted(found, 'finding')}.`,
    ...shown,
    ...more,
    `Checked: ${checkedCounts(report)}.`,
    ...formerTags(report),
    ...uncheckedTags(report),
    ...advice(report),
  ];
}

/** Tags are added by a rebuild. What else is wrong was done to the data from outside. */
function advice({ findings, found }: Pick<VerifyReport, 'findings' | 'found'>): string[] {
  if (found === findings.length && findings.every(({ check }) => check === 'tags')) return [];
  return ['Restore a backup, or rebuild the named read models. Do not rely on the log or its read models until then.'];
}

function formerTags({ formerTags: tags }: Pick<VerifyReport, 'formerTags'>): string[] {
  if (tags === 0) return [];
  return [
    `${counted(tags, 'tag')} of former classes ${tags === 1 ? 'is' : 'are'} still stored, and found by decisions.`,
  ];
}

function uncheckedTags({ uncheckedTags: events }: Pick<VerifyReport, 'uncheckedTags'>): string[] {
  if (events === 0) return [];
  return [
    `Not checked: the tags of ${counted(events, 'event')}, which are made of personal fields whose keys are not here. Set ` +
      'PERSONAL_DATA_KEY as for the application to check them.',
  ];
}

function checkedCounts(report: Omit<VerifyReport, 'findings' | 'found'>): string {
  const { events, streams, subscriptions, parked, commands, sealed } = report;
  const list = [
    counted(events, 'event'),
    counted(streams, 'stream'),
    counted(subscriptions, 'subscription'),
    counted(parked, 'parked event'),
  ];
  const comparison = sealed === null ? 'nothing seals this log' : `${counted(sealed, 'event')} as sealed`;
  return `${list.join(', ')} and ${counted(commands, 'command')} of sagas; ${comparison}`;
}
