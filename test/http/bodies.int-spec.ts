import { gzipSync } from 'node:zlib';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Answer, Client } from '../../src/platform/testing/client.js';
import { expectProblem } from '../../src/platform/testing/expect-problem.js';
import { startThings } from '../../src/platform/testing/things-app.js';

let app: NestFastifyApplication;

beforeAll(async () => {
  app = await startThings();
});

afterAll(() => app.close());

const THING = JSON.stringify({ email: 'a@b.example', name: 'a' });
const LIMIT = 100 * 1024;

const post = (body?: string | Buffer, headers?: Record<string, string>): Promise<Answer> =>
  new Client(app.getHttpServer()).post('/things', body, headers);
/** A body with these bytes in the name. */
const named = (...bytes: number[]): Buffer =>
  Buffer.concat([Buffer.from('{"email":"a@b.example","name":"'), Buffer.from(bytes), Buffer.from('"}')]);

it.each([
  ['cut off', '{"email":'],
  ['empty', ''],
  ['text', 'email=a@example.com'],
  ['two objects', '{}{}'],
  ['with a comma too many', '{"email":"a@example.com",}'],
  ['in single quotes', `{'email': 'a@example.com'}`],
  ['with a byte that UTF-8 never has', named(0xff)],
  ['with a character that breaks off', named(0xc3)],
  ['with a character that continues with something else', named(0xc3, 0x28)],
  ['with an overlong slash', named(0xc0, 0xaf)],
  ['with half a surrogate pair', named(0xed, 0xa0, 0x80)],
  ['UTF-16', Buffer.from(THING, 'utf16le')],
])('a body that is %s: malformed-json', async (_name, body) => {
  expectProblem(await post(body), 400, 'malformed-json', { instance: '/things' });
});

it.each([
  ...['[]', '"text"', '7', 'null', 'true'].map((text) => [text, text, 'body']),
  ...['__proto__', 'constructor', 'hasOwnProperty', 'toString'].map((name) => [
    `a field ${name}`,
    `{"${name}":{"a":1}}`,
    name,
  ]),
  ['a field __proto__, escaped', '{"\\u005f_proto__":{"a":1}}', '__proto__'],
  ['a field constructor, deeper', '{"lines":[{"constructor":1}]}', 'lines[0].constructor'],
  ['half a character', '{"name":"\\ud800"}', 'name'],
  ['endless nesting', `{"a":${'['.repeat(40_000)}${']'.repeat(40_000)}}`, 'body'],
] as [string, string, string][])('%s: validation-failed', async (_name, body, field) => {
  expectProblem(await post(body), 400, 'validation-failed', { fields: [field] });
});

it('over 100 KiB: body-too-large', async () => {
  const filler = 'x'.repeat(LIMIT - '{"name":""}'.length);
  const answer = await post(`{"name":"${filler}"}`);

  expectProblem(answer, 400, 'validation-failed');
  expect(answer.text.length).toBeLessThan(1_000);
  expectProblem(await post(`{"name":"${filler}x"}`), 413, 'body-too-large', { instance: '/things' });
});

it.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/xml',
  'multipart/form-data; boundary=x',
  'nonsense',
  '',
])('content type "%s": unsupported-media-type', async (type) => {
  expectProblem(await post(THING, { 'content-type': type }), 415, 'unsupported-media-type', { instance: '/things' });
});

it.each([
  ['gzip', gzipSync(THING)],
  ['br', THING],
])('content encoding %s: unsupported-media-type', async (encoding, body) => {
  const answer = await post(body, { 'content-encoding': encoding });

  expectProblem(answer, 415, 'unsupported-media-type', { instance: '/things' });
  expect(answer.text).toContain('without a Content-Encoding');
  expect(await post(THING, { 'content-encoding': 'Identity' })).toMatchObject({ status: 201 });
});

it('with a charset are read', async () => {
  expect(await post(THING, { 'content-type': 'application/json; charset=utf-8' })).toMatchObject({ status: 201 });
});

it('none at all is checked like an empty object', async () => {
  expectProblem(await post(), 400, 'validation-failed', { fields: ['email', 'name'] });
});
