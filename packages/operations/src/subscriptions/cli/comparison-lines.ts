import type { RowDifference, TableComparison } from '@leftfold/core';
import { printable, table } from '../../cli/columns.js';
import { count } from '../../cli/format.js';

/** Describes how old and new rows differ: counts for each table, and the first differences. */
export function comparisonLines(comparison: readonly TableComparison[]): string[] {
  const counts = table(
    ['TABLE', 'ADDED', 'REMOVED', 'CHANGED'],
    comparison.map(({ table, added, removed, changed }) => [table, count(added), count(removed), count(changed)]),
    ['left', 'right', 'right', 'right'],
  );
  const examples = comparison.flatMap(({ table, examples }) => examples.map((each) => exampleLine(table, each)));
  return examples.length > 0 ? [...counts, '', 'The first differences:', ...examples] : counts;
}

/** `changed  user_view userId="1": username "ann" is now "anna"` */
function exampleLine(table: string, { change, key, before, after }: RowDifference): string {
  const row = `${table} ${pairs(key)}`;
  if (!before || !after) return `  ${printable(`${change} ${row}`)}`;
  const columns = Object.keys(after).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  const changes = columns.map(
    (name) => `${name} ${JSON.stringify(before[name])} is now ${JSON.stringify(after[name])}`,
  );
  return `  ${printable(`${change} ${row}: ${changes.join(', ')}`)}`;
}

function pairs(key: RowDifference['key']): string {
  return Object.entries(key)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(' ');
}
