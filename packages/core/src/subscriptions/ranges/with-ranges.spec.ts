import type { SubscriptionRow } from '../states/subscription-row.js';
import { NO_PROGRESS, type RangeProgress, type RangeRow } from './range-row.js';
import { partsOf } from './with-ranges.js';

const BEFORE = { name: 'orders.mail', handled: 5, parked: 0, lastError: 'from before the split' } as SubscriptionRow;

const range = (progress: Partial<RangeProgress>) =>
  ({ position: 7, owner: 'a', isFree: false, progress: { ...NO_PROGRESS, ...progress } }) as RangeRow;

it('the error from before a split is shown until a range handles an event, or while it explains what is parked', () => {
  const shown = (parked: number, ...ranges: readonly Partial<RangeProgress>[]) =>
    partsOf({ ...BEFORE, parked }, ranges.map(range)).lastError;

  expect(shown(0, {}, {})).toBe('from before the split');
  expect(shown(0, { handled: 1 }, {})).toBeNull();
  expect(shown(1, { handled: 1 }, {})).toBe('from before the split');
  // It was handled by a range.
  expect(shown(1, { handled: 1, parked: -1 }, {})).toBeNull();
  expect(shown(0, { handled: 1 }, { lastError: 'of the range' })).toBe('of the range');
});
