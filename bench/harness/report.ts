import { TITLES } from '../contestants.js';
import type { Machine } from './machine.js';
import type { Results, Series, Summary } from './results.js';

const HEADINGS = ['', 'Engine', 'Contestant', 'Median', 'Lowest to highest', 'Of the limit', 'To reach', ''];

/** The figures as a markdown table, and the machine that they belong to. */
export function markdown(results: Results, machine: Machine, rounds: number): string {
  const rows = results.series
    .toSorted((a, b) => orderOf(a, results) - orderOf(b, results))
    .map((series) => cells(series, results.summary(series)));
  return [
    table([HEADINGS, ...rows]),
    '',
    `${machine.cpu}, ${machine.cores} cores, ${machine.memory} GB, ${machine.system}; Node.js ${machine.node}, ` +
      `PostgreSQL ${machine.postgres}, ${machine.drivers}; commit ${machine.commit}; ${rounds} rounds.`,
  ].join('\n');
}

/** Rows of one workload stand together, engine by engine. */
function orderOf({ engine, row }: Series, { series }: Results): number {
  const first = series.findIndex((each) => each.row.key === row.key);
  return first * 2 + (engine === 'sqlite' ? 0 : 1);
}

function cells({ engine, row, contestant, figures, wrong }: Series, summary: Summary): string[] {
  const { median, lowest, highest, ratio, isReached, cpu, p50, p99, memory } = summary;
  const measured = figures.filter((figure) => figure !== undefined).length;
  const more = [
    ...(cpu === undefined ? [] : [`${digits(cpu)} us of CPU`]),
    ...(p50 === undefined ? [] : [`p50 ${digits(p50)} ms`]),
    ...(p99 === undefined ? [] : [`p99 ${digits(p99)} ms`]),
    ...(memory === undefined ? [] : [`${Math.round(memory)} MB`]),
    ...(wrong.length === 0 ? [] : [`wrong in ${wrong.length} of ${wrong.length + measured} rounds`]),
  ].join(', ');
  const goals = [
    ...(row.goal === undefined ? [] : [`${row.isTime ? '<=' : '>='} ${row.goal}`]),
    ...(row.also === undefined ? [] : [row.also.words]),
  ].join('; ');
  return [
    `${row.key}: ${row.title}`,
    engine === 'sqlite' ? 'SQLite' : 'PostgreSQL',
    TITLES[contestant] ?? contestant,
    median === undefined ? 'no right result' : `${digits(median)} ${row.unit}`,
    lowest === undefined || highest === undefined ? '' : `${digits(lowest)} to ${digits(highest)}`,
    ratio === undefined ? '' : ratio.toFixed(2),
    isReached === undefined ? '' : `${goals}: ${isReached ? 'yes' : 'no'}`,
    more,
  ];
}

/** Three digits are as exact as a busy machine allows. */
function digits(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 3 });
}

function table([head = [], ...rows]: readonly string[][]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
