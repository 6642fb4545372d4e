import { cancelScheduled, orElse, type Schedule, scheduled } from './emission.js';

class PayCommand {}
const pay = new PayCommand();

it.each<[string, Schedule, RegExp]>([
  ['neither', { key: 'a' }, /either after or at/],
  ['both', { after: 1, at: new Date(), key: 'a' }, /either after or at/],
  ['a time in the past, counted', { after: -1, key: 'a' }, /not after -1/],
  ['no number', { after: Number.NaN, key: 'a' }, /not after NaN/],
  ['no time', { at: new Date('soon'), key: 'a' }, /valid time/],
  ['no key', { after: 1, key: '' }, /1 to 255/],
  ['a key of control characters', { after: 1, key: 'a\nb' }, /1 to 255/],
])('refuses a schedule with %s', (_name, schedule, sentence) => {
  expect(() => scheduled(pay, schedule)).toThrow(sentence);
});

it('takes plain commands alone', () => {
  const inner = scheduled(pay, { after: 0, key: 'a' });

  expect(() => scheduled(inner, { after: 0, key: 'a' })).toThrow(/stands alone/);
  expect(() => orElse(inner, pay)).toThrow(/stands alone/);
  expect(() => orElse(pay, cancelScheduled('a'))).toThrow(/stands alone/);
  expect(() => orElse(orElse(pay, pay), pay)).toThrow(/stands alone/);
});
