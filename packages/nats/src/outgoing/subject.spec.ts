import fc from 'fast-check';
import { subjectOf } from './subject.js';

const subject = (id: string) => subjectOf({ stream: `order-${id}`, category: 'order' }, 'leftfold');

it.each([
  ['0192f0c1-8a3b-7def-8000-0123456789ab', '0192f0c1-8a3b-7def-8000-0123456789ab'],
  ['a.b', 'a%2Eb'],
  ['*', '%2A'],
  ['>', '%3E'],
  ['two words', 'two%20words'],
  ['50%', '50%25'],
  ['ann@example.com', 'ann%40example%2Ecom'],
  ['Zoë', 'Zo%C3%AB'],
  ['😀', '%F0%9F%98%80'],
  ['-', '-'],
])('the id %j is the token %j', (id, token) => {
  expect(subject(id)).toBe(`leftfold.order.${token}`);
});

it('ids are one token each, and can be read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (id) => {
      const token = subject(id).slice('leftfold.order.'.length);
      expect(token).toMatch(/^[\w%-]+$/);
      expect(decodeURIComponent(token)).toBe(id);
    }),
  );
});
