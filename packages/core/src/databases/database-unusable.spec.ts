import { QueryFailedError } from 'typeorm';
import { DatabaseUnusableError, explainDatabaseFailure } from './database-unusable.error.js';
import { SharedSessionsError } from './refuse-shared-sessions.js';

const failure = (code: string | undefined, message = 'it failed'): Error => Object.assign(new Error(message), { code });

it.each<[string, Error, RegExp]>([
  ['28P01', failure('28P01'), /refuses this user or password. Correct them/],
  ['3D000', failure('3D000'), /no database of this name.*Create it/],
  [
    '42501',
    failure('42501', 'permission denied for schema public'),
    /lacks a right there \(permission denied for schema public\).*grant/,
  ],
  ['53300', failure('53300'), /no connection left. Raise/],
  ['a deadlock', failure('40P01', 'deadlock detected'), /waited for one another.*Try again when they/],
  ['a locked table', failure('55P03'), /has a table locked for too long\. Wait/],
  ['57P03', failure('57P03'), /starts or shuts down.*Try again/],
  ['ECONNRESET', failure('ECONNRESET'), /no server answers there/],
  ['no answer', failure(undefined, 'timeout expired'), /does not answer in time/],
  [
    'a lost connection',
    failure(undefined, 'Query runner already released. Cannot run queries anymore.'),
    /was lost. Try/,
  ],
  ['a read-only folder', failure('SQLITE_READONLY_DIRECTORY'), /SQLITE_READONLY_DIRECTORY.*change its permissions/],
  ['a folder in place of a file', failure('SQLITE_CANTOPEN_ISDIR'), /can't be written \(SQLITE_CANTOPEN_ISDIR\)/],
  ['another file', failure('SQLITE_NOTADB'), /is no SQLite database. Choose another path/],
  ['a full disk', failure('SQLITE_FULL'), /the disk is full. Make room/],
  ['a damaged file', failure('SQLITE_CORRUPT_INDEX'), /is damaged.*Restore it from a backup/],
  ['a locked file', failure('SQLITE_BUSY_RECOVERY'), /another program has the file locked. End that/],
  [
    'a pooler that takes no parameters',
    failure('08P01', 'unsupported startup parameter: options'),
    /PgBouncer.*Name the server itself in the URL.*session mode/,
  ],
  ['a pooler that shares sessions', new SharedSessionsError(), /PgBouncer.*Name the server itself in the URL/],
  [
    'two migrations of one name',
    failure(undefined, 'Duplicate migrations: CreateView1790000000000'),
    /: Duplicate migrations: CreateView1790000000000\. Give each migration a name of its own that ends in a time in ms/,
  ],
  [
    'a migration without a time in its name',
    failure(
      undefined,
      'CreateView migration name is wrong. Migration class name should have a JavaScript timestamp appended.',
    ),
    /appended\. Give each migration a name of its own that ends in a time in ms/,
  ],
  ['an unknown error', failure('XX999', 'a gremlin'), /: a gremlin. Check the URL/],
])('says what to do about %s', (_what, cause, sentence) => {
  const error = DatabaseUnusableError.fromOpening('events', 'there', cause);

  expect(error.message).toMatch(/^there can't be opened: .*\.$/);
  expect(error.message).toMatch(sentence);
  expect(error.cause).toBe(cause);
});

it.each([
  [
    'a damaged file',
    'SQLITE_CORRUPT',
    "The database can't be used: the file is damaged (it failed). Restore it from a backup.",
  ],
  ['a full disk', 'SQLITE_FULL', "The database can't be used: the disk is full. Make room first."],
  ['a full disk of a server', '53100', "The database can't be used: the disk is full. Make room first."],
  [
    'a disk that fails',
    'SQLITE_IOERR_READ',
    "The database can't be used: the disk can't be read or written (SQLITE_IOERR_READ). Check it, and verify the log afterwards.",
  ],
  ['a statement of the program', '42601', undefined],
  ['a value of the program', 'SQLITE_CONSTRAINT', undefined],
  ['another file', 'ENOENT', undefined],
  ['an error without a code', undefined, undefined],
])('says what a failure in use is about: %s', (_what, code, sentence) => {
  const cause = failure(code);
  for (const error of [cause, new QueryFailedError('select 1', [], cause)]) {
    expect(explainDatabaseFailure(error)).toBe(sentence);
  }
});

it('says to correct a migration that has failed, and not the URL', () => {
  const cause = failure('SQLITE_ERROR', 'near "creat": syntax error');

  expect(DatabaseUnusableError.fromOpening('views', 'there', cause, 'CreateView1790000000000').message).toBe(
    'there can\'t be opened: the migration CreateView1790000000000 failed: near "creat": syntax error. ' +
      'Correct that migration, and start again.',
  );
});

it('says whose table a migration may have met', () => {
  const cause = failure('42P07', 'relation "credentials" already exists');

  expect(DatabaseUnusableError.fromOpening('events', 'there', cause, 'CreateCredentials1750000100000').message).toMatch(
    /failed: relation "credentials" already exists\. If it belongs to a log with another table prefix, name that prefix/,
  );
});

it('leaves such an error unchanged', () => {
  const known = new DatabaseUnusableError('events', 'There is another schema.');

  expect(DatabaseUnusableError.fromOpening('views', 'there', known)).toBe(known);
});
