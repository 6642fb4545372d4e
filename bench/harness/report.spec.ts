import type { Machine } from './machine.js';
import { markdown } from './report.js';
import { Results } from './results.js';

const ROW = { key: 'W1', title: 'append', unit: 'appends/s', limit: { contestant: 'batched' }, goal: 0.8 };
const MACHINE = { cpu: 'one', cores: 2 } as Machine;

/** The cells of a contestant's row. */
function rowOf(contestant: string, results: Results): string[] {
  const row = markdown(results, MACHINE, 3)
    .split('\n')
    .find((line) => line.includes(contestant));
  return row!.split('|').map((cell) => cell.trim());
}

it('says in how many rounds a result was wrong', () => {
  const results = new Results();
  results.add('postgres', ROW, 'emmett', 0, { value: 100 });
  results.addWrong('postgres', ROW, 'emmett', 1);
  results.add('postgres', ROW, 'emmett', 2, { value: 300 });

  const row = rowOf('Emmett', results);

  expect(row).toContain('200 appends/s');
  expect(row).toContain('wrong in 1 of 3 rounds');
});

it('has no figure for a contestant that was never right', () => {
  const results = new Results();
  for (const round of [0, 1, 2]) results.addWrong('postgres', ROW, 'emmett', round);

  const row = rowOf('Emmett', results);

  expect(row).toContain('no right result');
  expect(row).toContain('wrong in 3 of 3 rounds');
  expect(row.join(' ')).not.toContain('NaN');
});
