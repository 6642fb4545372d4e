import { quotedSubjects } from './quoted-subjects.js';

const FIELDS = [
  { subject: 'ann', value: 'Ann Archer' },
  { subject: 'bob', value: { street: 'Elm Street', number: 7 } },
  { subject: 'cid', value: 'C' },
  { subject: 'forgotten', value: undefined },
  { subject: 'empty', value: '' },
  { subject: 'ada', value: 'Ada' },
  { subject: 'bo', value: 'Bo' },
  { subject: 'li', value: '李明' },
  { subject: 'phone', value: 4917012345678 },
];

it.each<[unknown, string[]]>([
  [{ text: 'Dear ann archer,' }, ['ann']],
  [{ lines: [{ to: 'ELM STREET' }] }, ['bob']],
  [{ number: 7 }, ['bob']],
  [{ number: 77, text: 'House 7' }, []],
  [{ name: 'c' }, ['cid']],
  [{ text: 'Cold, and nothing else' }, []],
  [{ text: 'Ann Archer of Elm Street' }, ['ann', 'bob']],
  [{ text: 'Vitamin C' }, []],
  [{ text: 'Hello Bo!' }, ['bo']],
  [{ text: 'Hello Bob!' }, []],
  [{ text: '您好李明先生' }, ['li']],
  [{ text: 'Call 4917012345678!' }, ['phone']],
  [{ text: 'Call 49170123456789!' }, []],
  [{ text: 'Dear Ada' }, ['ada']],
  [{ orderId: '01890ada-ac96-774b-bcce-b302099a8057' }, []],
  [{}, []],
  ['', []],
])('%j quotes %j', (copy, subjects) => {
  expect(quotedSubjects(copy, FIELDS)).toEqual(subjects);
});
