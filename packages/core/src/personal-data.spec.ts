import { withoutPersonalData } from './personal-data.js';

const ANN = { stream: 'user-ann-1', data: { username: 'Ann "the" Smith', id: 'ann-1', nested: [{ city: 'Bern' }] } };
const ID = '01890a5d-ac96-774b-bcce-b302099a8057';

it.each([
  ['an address', 'No mail to <ann@example.com>.', 'No mail to <[address]>.'],
  ['an address in a path', '/users/ann%40example.com/history', '/users/[address]/history'],
  [
    "PostgreSQL's detail",
    'duplicate key value violates unique constraint "users_email": Key (lower(email))=(a) already exists.',
    'duplicate key value violates unique constraint "users_email": Key (lower(email))=([data]) already exists.',
  ],
  ['a refused row', 'Failing row contains (1, Ann, null).', 'Failing row contains ([data]).'],
  [
    'a refused value',
    'invalid input syntax for type integer: "Ann"',
    'invalid input syntax for type integer: "[data]"',
  ],
  ['an unknown enum', 'invalid input value for enum color: "Ann"', 'invalid input value for enum color: "[data]"'],
  [
    'a large number',
    'value "99999999999" is out of range for type integer',
    'value "[data]" is out of range for type integer',
  ],
  [
    'text that is no JSON',
    `Unexpected token 'A', "Ann" is not valid JSON`,
    `Unexpected token 'A', [data] is not valid JSON`,
  ],
  [
    'a part of such a text',
    `Unexpected token 'A', ..."e": Ann Smi"... is not valid JSON`,
    `Unexpected token 'A', [data] is not valid JSON`,
  ],
  ['nothing of people', 'UNIQUE constraint failed: users.email', 'UNIQUE constraint failed: users.email'],
])('is cut out of %s', (_, text, expected) => {
  expect(withoutPersonalData(text)).toBe(expected);
});

it.each([
  ['a name', 'There is no Ann "the" Smith.', 'There is no [data].'],
  ['as JSON', 'no {"name":"Ann \\"the\\" Smith"}', 'no {"name":"[data]"}'],
  ['in another case, deep in it', 'no mail to BERN', 'no mail to [data]'],
  ['the id in the name of the stream stays', 'no row ann-1', 'no row ann-1'],
  ['a part of a word stays', 'Bernard said no', 'Bernard said no'],
])('with what was handled, %s', (_, text, expected) => {
  expect(withoutPersonalData(text, ANN)).toBe(expected);
});

it('ids, times, numbers and short words are kept', () => {
  const data = { userId: ID, at: '2026-01-31T12:00:00.000Z', amount: '12.50', to: 'at' };
  const text = `${ID} at 2026-01-31T12:00:00.000Z: 12.50`;

  expect(withoutPersonalData(text, { data })).toBe(text);
});

it('the beginning of a long text is found', () => {
  const reason = `my name is Ann Smith and ${'I live in Bern '.repeat(10)}`;

  expect(
    withoutPersonalData(`has more than 40 characters: "${reason.slice(0, 40)}…"`, { data: { reason } }),
  ).not.toContain('Ann');
});

it('circular and odd data are handled', () => {
  const circle: { self?: unknown; name: string } = { name: 'Zoe Smith' };
  circle.self = circle;

  expect(withoutPersonalData('no Zoe Smith', { data: circle }, { data: null }, { data: 5 })).toBe('no [data]');
});

it.each([
  ['a telephone number', '+4917012345678', 'no call to +4917012345678.', 'no call to [data].'],
  ['a date of birth', '1980-02-29', 'born on 1980-02-29?', 'born on [data]?'],
  ['a number', 4917012345678, 'no call to 4917012345678.', 'no call to [data].'],
  ['a short name', { name: 'Bo' }, 'no Bo in Bottrop', 'no [data] in Bottrop'],
  ['a name in a script without blanks', '李明', '没有李明先生。', '没有[data]先生。'],
  ['not an id', ID, `no ${ID}`, `no ${ID}`],
  ['not a small number', 42, 'app.js:42', 'app.js:42'],
])('of fields that are declared personal, %s is cut out', (_, value, text, expected) => {
  expect(withoutPersonalData(text, { data: {}, personalFields: [{ value }] })).toBe(expected);
});
