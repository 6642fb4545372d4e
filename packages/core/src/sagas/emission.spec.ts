import { cancelScheduled, dueTime, orElse, type Schedule, scheduled, type ScheduledCommand } from './emission.js';

class PayCommand {}
const pay = new PayCommand();

it.each<[string, Schedule, RegExp]>([
  ['neither', { key: 'a' }, /either after or at/],
  ['both', { after: 1, at: new Date(), key: 'a' }, /either after or at/],
  ['a time in the past, counted', { after: -1, key: 'a' }, /not after -1/],
  ['no number', { after: Number.NaN, key: 'a' }, /not after NaN/],
  ['no time', { at: new Date('soon'), key: 'a' }, /valid time/],
  ['a time that is no Date', { at: '2026-01-01' as never, key: 'a' }, /valid time/],
  ['a time that no Date holds', { after: 1e300, key: 'a' }, /no Date holds that time/],
  ['a key that is no text', { after: 1, key: undefined as never }, /1 to 255/],
  ['no key', { after: 1, key: '' }, /1 to 255/],
  ['a key of control characters', { after: 1, key: 'a\nb' }, /1 to 255/],
])('refuses a schedule with %s', (_name, schedule, sentence) => {
  expect(() => scheduled(pay, schedule)).toThrow(sentence);
});

it('accepts only plain commands', () => {
  const inner = scheduled(pay, { after: 0, key: 'a' });

  expect(() => scheduled(inner, { after: 0, key: 'a' })).toThrow(/stands alone/);
  expect(() => orElse(inner, pay)).toThrow(/stands alone/);
  expect(() => orElse(pay, cancelScheduled('a'))).toThrow(/stands alone/);
  expect(() => orElse(orElse(pay, pay), pay)).toThrow(/stands alone/);
});

it('copies the schedule', () => {
  const schedule = { at: new Date(5), key: 'a' };
  const emission = scheduled(pay, schedule) as ScheduledCommand;
  schedule.at.setTime(Number.NaN);
  schedule.key = 'b';

  expect(emission.schedule).toEqual({ at: new Date(5), key: 'a' });
});

it("counts a delay from the event's time, and refuses a sum beyond the range of Date", () => {
  const furthest = { after: 8.64e15, key: 'a' };

  expect(dueTime({ after: 0.5, key: 'a' }, 10)).toBe(11);
  expect(dueTime({ at: new Date(-5), key: 'a' }, 10)).toBe(-5);
  expect(dueTime(furthest, 0)).toBe(8.64e15);
  expect(() => dueTime(furthest, 1)).toThrow(/no Date holds that time/);
});
