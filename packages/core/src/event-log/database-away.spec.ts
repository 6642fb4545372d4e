import { isDatabaseAway } from './database-away.js';
import { ConcurrencyError, EventLogUnavailableError } from './event-log.errors.js';

const withCode = (code: string): Error => Object.assign(new Error('said by the database'), { code });

it.each([
  new EventLogUnavailableError(),
  withCode('ECONNREFUSED'),
  withCode('57P01'),
  withCode('53100'),
  withCode('SQLITE_BUSY'),
  withCode('SQLITE_FULL'),
  new Error('Query runner already released. Cannot run queries anymore.'),
])('%p means that the database is away', (error) => {
  expect(isDatabaseAway(error)).toBe(true);
});

it.each([
  new ConcurrencyError('order-1', 1, 2),
  withCode('23505'),
  withCode('SQLITE_CONSTRAINT_UNIQUE'),
  withCode('SQLITE_ERROR'),
  new TypeError('x is no function'),
  'connection terminated',
  undefined,
  null,
])('%p does not mean that the database is away', (error) => {
  expect(isDatabaseAway(error)).toBe(false);
});
