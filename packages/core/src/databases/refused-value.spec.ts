import { UnstorableValueError } from '../events/json.js';
import { isRefusedValue } from './refused-value.js';

const withCode = (code: unknown): Error => Object.assign(new Error('refused'), { code });

it.each<[string, unknown, boolean]>([
  ['a number out of range on PostgreSQL', withCode('22003'), true],
  ['a NUL in JSON on PostgreSQL', withCode('22P05'), true],
  ['a constraint on PostgreSQL', withCode('23514'), true],
  ['a text beyond the limit of PostgreSQL', withCode('54000'), true],
  ['a constraint on SQLite', withCode('SQLITE_CONSTRAINT_TRIGGER'), true],
  ['a text beyond the limit of SQLite', withCode('SQLITE_TOOBIG'), true],
  ['a text beyond the limit of JavaScript', new RangeError('Invalid string length'), true],
  ['a value that is no JSON', new UnstorableValueError('data', 'no'), true],
  ['a missing right', withCode('42501'), false],
  ['a deadlock', withCode('40P01'), false],
  ['a full disk', withCode('SQLITE_FULL'), false],
  ['a broken connection', withCode('ECONNRESET'), false],
  ['a number as a code', withCode(22003), false],
  ['a fault of the program', new TypeError('x is not a function'), false],
  ['nothing', undefined, false],
])('decides whether a value was refused: %s', (_what, error, refused) => {
  expect(isRefusedValue(error)).toBe(refused);
});
