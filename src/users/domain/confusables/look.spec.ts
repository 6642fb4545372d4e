import { lookOf } from './look.js';

it.each([
  ['paypal', 'раураl'],
  ['paypal', 'paypa1'],
  ['paypal', 'PaypaI'],
  ['Ian', 'lan'],
  ['mark', 'rnark'],
  ['Mark', 'rnark'],
  ['olga', 'οlga'],
  ['olga', '0lga'],
  ['ann', 'a\u00ADnn'],
  ['ann', 'ａｎｎ'],
  ['Müller', 'Mu\u0308ller'],
])('%s and %s look the same', (one, other) => expect(lookOf(one)).toBe(lookOf(other)));

it.each([
  ['ann', 'anna'],
  ['ann', 'änn'],
  ['Ann 2', 'Ann 3'],
  ['李', '王'],
])('%s and %s differ', (one, other) => expect(lookOf(one)).not.toBe(lookOf(other)));
