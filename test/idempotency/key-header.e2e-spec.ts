import { connect } from 'node:net';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectNothingStored, expectProblem } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { runSql } from '../support/stored-rows.js';
import { TestApp } from '../support/test-app.js';
import { expectFirst, expectReplay, someKey } from './keys.js';

const PRINTABLE = Array.from({ length: 95 }, (_, at) => String.fromCharCode(0x20 + at)).join('');

describe.each(DATABASE_KINDS)('Idempotency-Key on %s', (kind) => {
  let app: TestApp;
  let ann: Person;
  let operator: Person;

  beforeAll(async () => {
    app = await TestApp.start(kind);
    operator = await app.operator();
    ann = await app.customer();
  });

  afterAll(() => app.close());

  it.each([
    ['1 character', 'k'],
    ['255 characters', 'k'.repeat(255)],
    ['all that can be printed', `(${PRINTABLE})`],
  ])('may have %s', async (_what, text) => {
    const [key, { username }] = [{ 'idempotency-key': text }, someNames()];
    const first = expectFirst(await ann.put(`${ann.path}/username`, { username }, key), 200);

    expectReplay(await ann.put(`${ann.path}/username`, { username }, key), first);
  });

  it('is told from one that is longer, or in other case', async () => {
    const [{ username }, key] = [someNames(), 'k'.repeat(254)];
    const change = (text: string) => ann.put(`${ann.path}/username`, { username }, { 'idempotency-key': text });
    expectFirst(await change(`${key}a`), 200);

    for (const other of [key, `${key}b`, `${key}A`]) expectFirst(await change(other), 200);
  });

  it.each([
    ['nothing', ''],
    ['blanks', '   '],
    ['256 characters', 'k'.repeat(256)],
    ['a tab', 'a\tb'],
    ['a letter of Latin-1', 'clé'],
    ['letters in UTF-8', Buffer.from('ключ', 'utf8').toString('latin1')],
  ])('is refused with %s', async (_what, text) => {
    await expectNothingStored(app, async () => {
      for (const refused of [
        await ann.put(`${ann.path}/username`, { username: someNames().username }, { 'idempotency-key': text }),
        await app.anyone.post('/users', someNames(), { 'idempotency-key': text }),
        await operator.delete(`${ann.path}/roles/customer`, { 'idempotency-key': text }),
      ]) {
        expectProblem(refused, 400, 'validation-failed', { fields: ['Idempotency-Key'] });
      }
    });
  });

  it.each(['\u0000', '\u0001', '\u001b', '\u007f'])('is refused with the control character %j', async (character) => {
    const answer = await expectNothingStored(app, () => postRaw(app, `a${character}b`));

    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"type":"validation-failed"');
  });

  it('is ignored by queries', async () => {
    await app.caughtUpWith(ann.signedIn);
    const before = await keys();

    for (const key of [someKey(), { 'idempotency-key': 'k'.repeat(256) }, { 'idempotency-key': '' }]) {
      for (let time = 0; time < 2; time++) {
        const answer = await ann.get('/users/me', key);
        expect(answer.status).toBe(200);
        expect(answer.headers['idempotent-replayed']).toBeUndefined();
      }
    }
    expect(await keys()).toBe(before);
  });

  it.each(['a key', ''])('is refused by POST /sessions, whose answer is a secret: "%s"', async (text) => {
    const { email, password } = ann;

    const answer = await expectNothingStored(app, () =>
      app.anyone.post('/sessions', { email, password }, { 'idempotency-key': text }),
    );

    expectProblem(answer, 400, 'validation-failed', { fields: ['Idempotency-Key'], instance: '/sessions' });
  });

  it('is kept as nothing that could be read', async () => {
    const key = someKey();
    expectFirst(await ann.put(`${ann.path}/username`, { username: someNames().username }, key), 200);

    const rows = JSON.stringify(await runSql(app.database.url, 'select * from commands'));

    expect(rows).toContain(ann.userId);
    expect(rows).not.toContain(key['idempotency-key']);
  });

  const keys = async (): Promise<number> => (await runSql(app.database.url, 'select 1 from commands')).length;
});

/** A registration whose key no client would send. Answers all that came back. */
async function postRaw(app: TestApp, key: string): Promise<string> {
  const { hostname, port } = new URL(await app.nest.getUrl());
  const body = JSON.stringify(someNames());
  const lines = [
    'POST /users HTTP/1.1',
    'Host: localhost',
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `Idempotency-Key: ${key}`,
  ];
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () =>
      socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1'),
    );
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    socket.on('close', () => resolve(answer)).on('error', reject);
  });
}
