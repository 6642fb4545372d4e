import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Answer, ask, expectProblem, fieldsOf } from '../../testing/ask.js';
import { startThings } from '../../testing/things-app.js';

let app: NestFastifyApplication;

beforeAll(async () => {
  app = await startThings();
});

afterAll(() => app.close());

const JSON_TYPE = { 'content-type': 'application/json' };
const THING = JSON.stringify({ email: 'a@b.example', name: 'a' });

const post = (payload: string | Buffer, headers: Record<string, string> = JSON_TYPE): Promise<Answer> =>
  ask(app, { method: 'POST', url: '/things', payload, headers });

describe('bodies', () => {
  it.each([
    ['cut off', '{"email":'],
    ['empty', ''],
    ['no UTF-8', Buffer.concat([Buffer.from('{"email":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])],
    ['UTF-16', Buffer.from(THING, 'utf16le')],
  ])('%s: malformed-json', async (_name, payload) => {
    expectProblem(await post(payload), 400, 'malformed-json', '/things');
  });

  it.each(['[]', '"text"', '1', 'null', 'true'])('%s is no object: validation-failed', async (payload) => {
    const answer = await post(payload);

    expectProblem(answer, 400, 'validation-failed');
    expect(fieldsOf(answer)).toEqual(['body']);
  });

  it.each([
    ['__proto__', '{"__proto__":{"a":1}}', '__proto__'],
    ['__proto__, escaped', '{"\\u005f_proto__":{"a":1}}', '__proto__'],
    ['constructor, deeper', '{"lines":[{"constructor":1}]}', 'lines[0].constructor'],
    ['toString', '{"toString":1}', 'toString'],
    ['half a character', '{"name":"\\ud800"}', 'name'],
    ['endless nesting', `{"a":${'['.repeat(40_000)}${']'.repeat(40_000)}}`, 'body'],
  ])('%s: validation-failed', async (_name, payload, field) => {
    const answer = await post(payload);

    expectProblem(answer, 400, 'validation-failed');
    expect(fieldsOf(answer)).toEqual([field]);
  });

  it('over 100 KiB: body-too-large', async () => {
    const filler = 'x'.repeat(100 * 1024 - 11);

    expectProblem(await post(`{"name":"${filler}"}`), 400, 'validation-failed');
    expectProblem(await post(`{"name":"${filler}x"}`), 413, 'body-too-large', '/things');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'nonsense'])(
    '%s: unsupported-media-type',
    async (type) => {
      expectProblem(await post(THING, { 'content-type': type }), 415, 'unsupported-media-type', '/things');
    },
  );

  it('without a content type: unsupported-media-type', async () => {
    expectProblem(await post(Buffer.from(THING), {}), 415, 'unsupported-media-type');
  });

  it('with a charset are read', async () => {
    expect(await post(THING, { 'content-type': 'application/json; charset=utf-8' })).toMatchObject({ status: 201 });
  });

  it('none at all is checked like an empty object', async () => {
    const answer = await ask(app, { method: 'POST', url: '/things' });

    expectProblem(answer, 400, 'validation-failed');
    expect(fieldsOf(answer)).toEqual(['email', 'name']);
  });
});
