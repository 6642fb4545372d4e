import { LogStatistics, type LogSummary } from '@leftfold/core';
import { fields, table } from '../../cli/columns.js';
import type { CommandLine } from '../../cli/command-line.js';
import { count, size } from '../../cli/format.js';

export async function showStatistics(cli: CommandLine, json: boolean | undefined): Promise<void> {
  const summary = await cli.open((app) => app.get(LogStatistics).read());
  cli.output.answer(json, summary, () => [
    ...fields(totals(summary)),
    '',
    ...shares('CATEGORY', summary.categories, ({ category }) => category, summary.events),
    '',
    ...shares('TYPE', summary.types, ({ type }) => type, summary.events),
  ]);
}

function totals(summary: LogSummary): [string, string][] {
  return [
    ['Events', count(summary.events)],
    ['Streams', count(summary.streams)],
    ['Size', size(summary.bytes)],
    ['First recorded', summary.firstRecordedAt?.toISOString() ?? '-'],
    ['Last recorded', summary.lastRecordedAt?.toISOString() ?? '-'],
    ['In the last minute', count(summary.lastMinute)],
    ['In the last hour', count(summary.lastHour)],
    ['In the last day', count(summary.lastDay)],
  ];
}

function shares<Row extends { readonly events: number }>(
  head: string,
  rows: readonly Row[],
  nameOf: (row: Row) => string,
  all: number,
): string[] {
  return table(
    [head, 'EVENTS', 'SHARE'],
    rows.map((row) => [nameOf(row), count(row.events), `${((100 * row.events) / all).toFixed(1)} %`]),
    ['left', 'right', 'right'],
  );
}
