import { cancelledWhile, failureKind, isRefusal } from './failure-kind.js';

const withCode = (code: string): Error => Object.assign(new Error('said by the server'), { code });

it.each([
  ['08006', 'connection failure', 'lost'],
  ['57P01', 'terminated by an administrator', 'lost'],
  ['57P03', 'the server starts up', 'lost'],
  ['53300', 'too many connections', 'lost'],
  ['ECONNRESET', 'the socket', 'lost'],
  ['ECONNREFUSED', 'no server', 'lost'],
  ['EPIPE', 'the socket', 'lost'],
  ['57014', 'cancelled, as by the statement timeout', 'unavailable'],
  ['53100', 'disk full', 'unavailable'],
  ['40P01', 'deadlock', 'unavailable'],
  ['55P03', 'lock not available', 'unavailable'],
  ['25006', 'a standby', 'unavailable'],
  ['23505', 'unique key', 'duplicate'],
  ['23514', 'check constraint', 'fault'],
  ['P0001', 'raised by a trigger', 'fault'],
  ['42883', 'no such function', 'fault'],
  ['22021', 'invalid byte sequence', 'fault'],
])('classifies %s (%s) as %s', (code, _, kind) => {
  expect(failureKind(withCode(code))).toBe(kind);
});

it.each([
  ['Connection terminated unexpectedly', 'lost'],
  ['timeout exceeded when trying to connect', 'lost'],
  ['Client has encountered a connection error and is not queryable', 'lost'],
  ['Query runner already released. Cannot run queries anymore.', 'lost'],
  ['Database connection provided by a query runner was already released, cannot continue to use it.', 'lost'],
  ['The connection between a and b is not what it should be', 'fault'],
  ["Cannot read properties of undefined (reading 'x')", 'fault'],
])('classifies "%s", without a code, as %s', (message, kind) => {
  expect(failureKind(new Error(message))).toBe(kind);
});

it.each([
  ['SQL statement "SELECT pg_advisory_xact_lock(7305802)"\nPL/pgSQL function leftfold_append(...) line 7', 'waiting'],
  ['SQL statement "insert into leftfold_events ..."\nPL/pgSQL function leftfold_append(...) line 80', 'working'],
  [undefined, 'working'],
])('finds from %j what an append was doing when it was cancelled: %s', (where, what) => {
  expect(cancelledWhile(Object.assign(withCode('57014'), { where }))).toBe(what);
});

it('recognizes errors that are no cancellation', () => {
  expect(cancelledWhile(withCode('55P03'))).toBeUndefined();
});

it.each([
  ['23505', true],
  ['57014', true],
  ['53100', true],
  ['40P01', true],
  ['40003', false],
  ['08006', false],
  ['57P01', false],
  ['ECONNRESET', false],
])('%s says that nothing was stored: %p', (code, refused) => {
  expect(isRefusal(withCode(code))).toBe(refused);
});

it('an error without a code does not say that nothing was stored', () => {
  expect(isRefusal(new Error('Connection terminated unexpectedly'))).toBe(false);
});
