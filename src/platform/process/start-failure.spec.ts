import {
  DatabaseUnusableError,
  EventLogUnavailableError,
  MissingMasterKeyError,
  NoEventLogError,
  SetupError,
} from '@leftfold/core';
import { SettingsError } from '../config/settings.error.js';
import { explainStartFailure } from './start-failure.js';

const listening = (code: string): Error =>
  Object.assign(new Error(code), { code, syscall: 'listen', port: 80, address: '127.0.0.1' });

it.each([
  [new SettingsError('ROLE', 'is wrong;\n set it right.'), {}, /^ROLE is wrong; set it right\.$/],
  [new SetupError('Two events have one name. Rename one.'), {}, /^Two events have one name\. Rename one\.$/],
  [new NoEventLogError('/x'), {}, /^There is no event log at \/x\. Start .* once, or set DATABASE_URL\.$/],
  [new DatabaseUnusableError('events', 'x is away. Start it.'), {}, /^DATABASE_URL: x is away\. Start it\.$/],
  [new DatabaseUnusableError('views', 'x is away.'), {}, /^DATABASE_URL: /],
  [
    new DatabaseUnusableError('events', 'x has two.', { option: 'tablePrefix' }),
    {},
    /^DATABASE_URL: x has two. The variable TABLE_PREFIX says that option/,
  ],
  [
    new DatabaseUnusableError('events', 'x has none.', { option: 'schema' }),
    {},
    /^DATABASE_URL: x has none. The variable DATABASE_SCHEMA says that option/,
  ],
  [new DatabaseUnusableError('views', 'x is away.'), { VIEWS_DATABASE_URL: 'sqlite:x' }, /^VIEWS_DATABASE_URL: /],
  [new MissingMasterKeyError('ab12', ['cd34']), {}, /^PERSONAL_DATA_KEY_BEFORE lacks the master key ab12, .*\.$/],
  [listening('EADDRINUSE'), {}, /^PORT 80 .*\.$/],
  [listening('EACCES'), {}, /^PORT 80 .*\.$/],
  [listening('EADDRNOTAVAIL'), {}, /^HOST .*\.$/],
  [Object.assign(new Error('x'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }), {}, /^HOST .*\.$/],
  [
    Object.assign(new Error('it shuts down'), { code: '57P01' }),
    {},
    /^A server went away: it shuts down\. Try again when it answers\.$/,
  ],
  [new EventLogUnavailableError(), {}, /^A server went away: .*\. Try again when it answers\.$/],
])('explains %s', (error, env, sentence) => {
  expect(explainStartFailure(error, env)).toMatch(sentence);
});

it.each([new Error('x'), Object.assign(new Error('x'), { code: '42P01' }), undefined, 'x'])(
  'leaves %p unexplained, as a fault',
  (error) => {
    expect(explainStartFailure(error, {})).toBeUndefined();
  },
);
