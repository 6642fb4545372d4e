import { quotedSubjects } from './quoted-subjects.js';

const FIELDS = [
  { subject: 'ann', value: 'Ann Archer' },
  { subject: 'bob', value: { street: 'Elm Street', number: 7 } },
  { subject: 'cid', value: 'C' },
  { subject: 'forgotten', value: undefined },
  { subject: 'empty', value: '' },
];

it.each<[unknown, string[]]>([
  [{ text: 'Dear ann archer,' }, ['ann']],
  [{ lines: [{ to: 'ELM STREET' }] }, ['bob']],
  [{ number: 7 }, ['bob']],
  [{ number: 77, text: 'House 7' }, []],
  [{ name: 'c' }, ['cid']],
  [{ text: 'Cold, and nothing else' }, []],
  [{ text: 'Ann Archer of Elm Street' }, ['ann', 'bob']],
  [{}, []],
  ['', []],
])('%j quotes %j', (copy, subjects) => {
  expect(quotedSubjects(copy, FIELDS)).toEqual(subjects);
});
