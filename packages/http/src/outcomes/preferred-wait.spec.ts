import { LONGEST_WAIT, preferredWait } from './preferred-wait.js';

it.each([
  ['wait=5', 5],
  ['wait=0', 0],
  ['WAIT = 5', 5],
  ['wait="5"', 5],
  ['respond-async, wait=5', 5],
  [['respond-async', 'wait=5'], 5],
  ['wait=5; foo=bar', 5],
  ['wait=5, wait=9', 5],
  ['wait=3600', LONGEST_WAIT],
  [undefined, undefined],
  ['', undefined],
  ['respond-async', undefined],
  ['wait', undefined],
  ['wait=', undefined],
  ['wait=soon', undefined],
  ['wait=-1', undefined],
  ['wait=1.5', undefined],
  ['wait="5', undefined],
  ['await=5', undefined],
  ['wait=99999999999999999999', undefined],
])('Prefer: %j asks for %j seconds', (prefer, seconds) => {
  expect(preferredWait(prefer)).toBe(seconds);
});
