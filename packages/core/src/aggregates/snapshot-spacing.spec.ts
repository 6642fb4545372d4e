import { spacingOf, superfluous } from './snapshot-spacing.js';

/** Versions of the snapshots that are left when one is taken after every hundredth event. */
function keptOf(events: number): number[] {
  let kept: number[] = [];
  for (let version = 100; version <= events; version += 100) {
    kept.push(version);
    const gone = new Set(superfluous(kept, 100));
    kept = kept.filter((each) => !gone.has(each));
  }
  return kept;
}

it.each([
  [1, 1_000],
  [32_000, 1_000],
  [32_001, 2_000],
  [100_000, 4_000],
])('a stream of %d events keeps a snapshot for each %d', (end, spacing) => expect(spacingOf(end, 100)).toBe(spacing));

it('the first snapshot in each interval and the last one are kept', () => {
  expect(keptOf(900)).toEqual([100, 900]);
  expect(keptOf(2_500)).toEqual([100, 1_000, 2_000, 2_500]);
});

it.each([10_000, 32_100, 100_000, 250_000])(
  'a stream of %d events keeps few snapshots, at short distances',
  (events) => {
    const kept = keptOf(events);
    expect(kept.length).toBeLessThanOrEqual(34);
    const gaps = kept.map((version, at) => version - (kept[at - 1] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(spacingOf(events, 100));
    expect(kept.at(-1)).toBe(events);
  },
);

it('snapshots between them, left by reads of past versions, are deleted', () =>
  expect(superfluous([9_950, 1_000, 1_300, 2_000], 100)).toEqual([1_300]));
