import type { DatabaseTarget } from '../../databases/database-url.js';
import { planBackup } from './backup-plan.js';

const sqlite = (name: string): DatabaseTarget => ({ kind: 'sqlite', path: `/data/${name}.sqlite` });
const postgres = (url: string): DatabaseTarget => ({ kind: 'postgres', url });
const LOG = 'postgres://ann:s3cret@db.example.com:5433/log';

it('copies SQLite files, the read models first', () => {
  expect(planBackup(sqlite('log'), sqlite('lists'), '/copy')).toEqual({
    folder: '/copy',
    copies: [
      { name: 'views', from: '/data/lists.sqlite', to: '/copy/views.sqlite' },
      { name: 'events', from: '/data/log.sqlite', to: '/copy/events.sqlite' },
    ],
    dumps: [],
    leavesOutViews: false,
  });
});

it('dumps one PostgreSQL database with one command, without its password', () => {
  expect(planBackup(postgres(LOG), postgres(LOG.replace('ann:s3cret', 'bob')), '/copy')).toEqual({
    folder: '/copy',
    copies: [],
    dumps: [
      'pg_dump --format=custom --file=/copy/leftfold.dump --host=db.example.com --port=5433 --username=ann --dbname=log',
    ],
    leavesOutViews: false,
  });
});

it.each([
  ['another database', LOG.replace('/log', '/views')],
  ['another server', LOG.replace('db.', 'db2.')],
  ['another port', LOG.replace('5433', '5434')],
])('makes two dumps when the read models are in %s, the read models first', (_name, views) => {
  const { dumps } = planBackup(postgres(LOG), postgres(views), '/copy');

  expect(dumps.map((each) => /--file=(\S+)/.exec(each)?.[1])).toEqual(['/copy/views.dump', '/copy/events.dump']);
});

it('copies SQLite files first, and leaves out read models that would come after the log', () => {
  const logInPostgres = planBackup(postgres(LOG), sqlite('views'), '/copy');
  const logInSqlite = planBackup(sqlite('log'), postgres(LOG), '/copy');

  expect(logInPostgres.copies.map(({ name }) => name)).toEqual(['views']);
  expect(logInPostgres.dumps).toEqual([expect.stringContaining('--file=/copy/events.dump')]);
  expect(logInSqlite).toMatchObject({ copies: [{ name: 'events' }], dumps: [], leavesOutViews: true });
});

it.each([
  [
    'postgres://localhost/log',
    'pg_dump --format=custom --file=/c/leftfold.dump --host=localhost --port=5432 --dbname=log',
  ],
  [
    'postgres://ann%40home@[::1]/my%20log?sslmode=require',
    `PGSSLMODE=require pg_dump --format=custom --file=/c/leftfold.dump --host=::1 --port=5432 --username=ann@home --dbname='my log'`,
  ],
  [
    'postgres:///log?host=/var/run/postgresql&user=ann&password=s3cret',
    'pg_dump --format=custom --file=/c/leftfold.dump --host=/var/run/postgresql --port=5432 --username=ann --dbname=log',
  ],
  [`postgres://h/it's`, `pg_dump --format=custom --file=/c/leftfold.dump --host=h --port=5432 --dbname='it'\\''s'`],
])('quotes the command for %s for a shell', (url, command) => {
  expect(planBackup(postgres(url), postgres(url), '/c').dumps).toEqual([command]);
});
