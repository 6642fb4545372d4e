import { claimRange } from '../../src/subscriptions/ranges/range-claim.js';
import type { RangeRow } from '../../src/subscriptions/ranges/range-row.js';
import type { Rules } from './simulated-database.js';
import { Simulation } from './simulation.js';

const SEEDS = 2_000;

/** The first seed whose run violates something, with its violations; and what happened in all runs until then. */
function firstViolation(rules: Partial<Rules>) {
  const faults: Record<string, number> = {};
  for (let seed = 1; seed <= SEEDS; seed++) {
    const run = new Simulation(seed, rules).run();
    for (const [fault, count] of Object.entries(run.faults)) faults[fault] = (faults[fault] ?? 0) + count;
    if (run.violations.length > 0) return { found: { seed, violations: run.violations }, faults };
  }
  return { found: undefined, faults };
}

it('does every event once and in the order of its stream, whatever happens to nodes and messages', () => {
  const { found, faults } = firstViolation({});

  expect(found).toBeUndefined();
  for (const fault of ['joined', 'stopped', 'crashed', 'frozen']) expect(faults[fault]).toBeGreaterThan(SEEDS);
});

it.each<[string, Partial<Rules>, RegExp]>([
  ['without fencing', { admits: () => true }, /committed twice|is the next one/],
  ['without the epoch', { admits: (row, { from }) => row.position === from }, /committed twice|is the next one|Nobody/],
  ['without the previous position', { admits: (row, { epoch }) => row.epoch === epoch }, /committed twice/],
  ['when a merge forgets which partitions are further', { claimRange: forgettingTheDone }, /committed twice/],
])('finds a defect %s', (_, rules, violation) => {
  expect(firstViolation(rules).found?.violations.join(' ')).toMatch(violation);
});

function forgettingTheDone(...given: Parameters<Rules['claimRange']>): ReturnType<Rules['claimRange']> {
  const claim = claimRange(...given);
  if (claim.kind !== 'range') return claim;
  const forget = (row: RangeRow): RangeRow => ({ ...row, done: [] });
  const claimed = claim.claimed && forget(claim.claimed);
  return { ...claim, claimed, ranges: claim.ranges.map((row) => (row === claim.claimed ? claimed! : forget(row))) };
}
