import { Logger } from '@nestjs/common';
import { capturedLog } from '../support/captured-log.js';
import type { Answer } from '../support/client.js';
import { createAppDatabase } from '../support/app-database.js';
import { DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { expectProblem } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { allRows, type Row, runSql } from '../../packages/core/test/support/stored-rows.js';
import { JWT_SECRET, OPERATOR, TestApp } from '../support/test-app.js';

/** The prefix of every stored hash. */
const HASH = '$argon2';

describe.each(DATABASE_KINDS)('passwords, hashes and tokens on %s', (kind) => {
  let database: TestDatabase;
  let app: TestApp;
  const secrets = new Set([OPERATOR.password, JWT_SECRET, HASH]);

  beforeAll(async () => {
    capturedLog.text = '';
    database = await createAppDatabase(kind, { separateViews: true });
    app = await TestApp.start(database, { LOG_LEVEL: 'trace', READ_WAIT_LIMIT: '50ms', JWT_TTL: '1h' });
    await seeMuchOfTheApp();
    await seeFaults();
    await untilEveryRequestIsLogged();
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  /** A password to search for afterwards. */
  function secret(): string {
    const { password } = someNames();
    secrets.add(password);
    return password;
  }

  async function signIn(names: { username: string; email: string; password: string }): Promise<Person> {
    const person = await app.signIn(names);
    secrets.add(person.token);
    return person;
  }

  /** Every command and query, accepted and refused. */
  async function seeMuchOfTheApp(): Promise<void> {
    const olga = await signIn(OPERATOR);
    const ann = await signIn(await app.register({ password: secret() }));
    const { anyone } = app;
    const { email, username } = ann;

    await anyone.post('/users', { ...someNames(), email, password: secret() });
    await anyone.post('/users', { ...someNames(), username, password: secret() });
    await anyone.post('/users', { ...someNames(), password: secret().slice(0, 9) });
    await anyone.post('/users', { ...someNames(), password: [secret()] });
    await anyone.post('/users', { ...someNames(), password: secret(), newPassword: secret() });
    await anyone.post('/users', `{"password":"${secret()}"`);
    await anyone.post('/users', JSON.stringify({ password: secret() }), { 'content-type': 'text/plain' });
    await anyone.post('/users', { ...someNames(), password: secret() }, { 'if-match': '"1"' });
    await anyone.post(`/users?password=${encodeURIComponent(secret())}`, { password: secret() });
    await anyone.post('/nowhere', { password: secret() });
    await anyone.post('/sessions', { email, password: secret() });
    await anyone.post('/sessions', { email: 'nobody@example.com', password: secret() });
    await anyone.post('/sessions', { email, password: secret() }, { 'idempotency-key': 'k' });
    await anyone.post('/sessions', { email: secret(), password: secret().repeat(9) });
    for (let time = 0; time < 12; time++) await anyone.post('/sessions', { email, password: secret() });

    await ann.put(`${ann.path}/email`, { email: someNames().email, password: secret(), currentPassword: ann.password });
    await ann.put(`${ann.path}/email`, { email: someNames().email, currentPassword: ann.password });
    await ann.put(`${ann.path}/username`, { username: someNames().username }, { 'if-match': '"1"' });
    const { userId: promoted } = await app.register({ password: secret() });
    await olga.put(`/users/${promoted}/roles/operator`);
    await olga.delete(`/users/${promoted}/roles/operator`);
    for (const path of ['/users', '/users/me', ann.path, `${ann.path}/history`, '/events', '/docs-json']) {
      for (const by of [anyone, ann, olga, app.client(`${ann.token}x`)]) await by.get(path);
    }
    await ann.get(`/users/me?token=${ann.token}`);
    await ann.get('/users/me', { 'leftfold-min-position': '1000000' });
    await anyone.get('/users/me', { authorization: `Basic ${ann.token}` });
    await anyone.get('/users/me', { cookie: `session=${ann.token}`, 'x-correlation-id': 'plain' });
  }

  /** Faults: the database refuses to store a hash, a sign-in, and an event. */
  async function seeFaults(): Promise<void> {
    const ann = await app.register({ password: secret() });
    for (const table of ['credentials', 'attempt_counts', 'leftfold_events']) {
      const repair = await breakTable(database, table);
      const answers = [
        await app.anyone.post('/users', { ...someNames(), password: secret() }),
        await app.anyone.post('/sessions', { email: ann.email, password: secret() }),
        await app.anyone.post('/sessions', { email: ann.email, password: ann.password }),
      ];
      await repair();
      if (!answers.some(({ status }) => status === 500))
        throw new Error(`No request failed although ${table} is broken.`);
    }
  }

  /** A request is logged when its answer has been sent, which may be after the client received it. */
  function untilEveryRequestIsLogged(): Promise<void> {
    return eventually(() => {
      const logged = capturedLog.lines.filter((line) => 'responseTime' in line);
      expect(logged.length).toBeGreaterThanOrEqual(app.answers.length);
    });
  }

  /** Where each secret was found. */
  async function leaks(): Promise<string[]> {
    const places = new Map<string, string>();
    for (const [table, rows] of await allRows(database)) {
      places.set(table, JSON.stringify(table === 'events.credentials' ? rows.map(withoutHash) : rows));
    }
    places.set('log', capturedLog.text);
    for (const [index, answer] of app.answers.entries()) places.set(`answer ${index}`, textOf(answer));
    return Array.from(places).flatMap(([place, text]) =>
      Array.from(secrets).flatMap((each) => (text.includes(each) ? [place] : [])),
    );
  }

  it('were used in places that could leak them', async () => {
    const rows = await allRows(database);
    for (const table of ['events.leftfold_events', 'events.credentials', 'events.attempt_counts', 'views.user_view']) {
      expect(rows.get(table)?.length).toBeGreaterThan(0);
    }
    expect(JSON.stringify(rows.get('events.credentials'))).toContain(HASH);

    const statuses = new Set(app.answers.map(({ status }) => status));
    expect([...statuses]).toEqual(expect.arrayContaining([200, 201, 400, 401, 403, 404, 409, 412, 415, 429, 500, 503]));
    const logged = capturedLog.lines;
    expect(logged.length).toBeGreaterThan(app.answers.length);
    expect(logged.filter(({ level }) => level === 50).length).toBeGreaterThan(2);
    expect(secrets.size).toBeGreaterThan(30);
  });

  it('are in no row, no log line and no answer', async () => {
    expect(await leaks()).toEqual([]);
  });

  it('would be found if they were', async () => {
    const [planted] = Array.from(secrets).slice(-1);
    const before = capturedLog.text;
    await runSql(database.viewsUrl, `update user_view set username = 'x ${planted}'`);
    await runSql(database.url, `update attempt_counts set attempts = '${HASH}id'`);
    new Logger('Test').debug(`a line with ${planted} in it`);
    await app.anyone.get(`/nowhere/${encodeURIComponent(planted!)}`);
    await app.anyone.get(`/nowhere/${planted!.replaceAll(' ', '-')}`);
    app.answers.push({ text: planted, headers: {}, body: {} } as unknown as Answer);

    const found = await leaks();

    capturedLog.text = before;
    const answer = `answer ${app.answers.length - 1}`;
    expect(new Set(found)).toEqual(new Set(['views.user_view', 'events.attempt_counts', 'log', answer]));
  });

  it('a fault shows only its correlation id', () => {
    const faults = app.answers.filter(({ status }) => status === 500);

    expect(faults.length).toBeGreaterThan(2);
    for (const answer of faults) {
      expectProblem(answer, 500, 'internal-error');
      expect(answer.text).not.toMatch(/sql|insert|constraint|trigger|broken|credentials|\bat /i);
      const id = answer.headers['x-correlation-id'];
      expect(capturedLog.lines.filter((line) => line.level === 50 && line.correlationId === id)).toHaveLength(1);
    }
  });
});

/** The token in the answer to a sign-in is expected. */
function textOf(answer: Answer): string {
  const { accessToken } = answer.body as { accessToken?: string };
  const text = `${answer.text ?? ''} ${JSON.stringify(answer.headers)}`;
  return accessToken !== undefined && answer.status === 201 ? text.replace(accessToken, '') : text;
}

function withoutHash(row: Row): Row {
  return { ...row, password_hash: undefined };
}

/** Makes inserts fail with the error that reveals most about the row. Returns how to repair the table. */
async function breakTable({ kind, url }: TestDatabase, table: string): Promise<() => Promise<unknown>> {
  if (kind === 'sqlite') {
    await runSql(
      url,
      `create trigger broken before insert on ${table} begin select raise(abort, 'CHECK constraint failed'); end`,
    );
    return () => runSql(url, 'drop trigger broken');
  }
  await runSql(url, `alter table ${table} add constraint broken check (false) not valid`);
  return () => runSql(url, `alter table ${table} drop constraint broken`);
}
