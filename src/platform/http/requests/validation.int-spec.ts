import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Answer, ask, expectProblem, fieldsOf } from '../../testing/ask.js';
import { startThings, USER_ID } from '../../testing/things-app.js';

let app: NestFastifyApplication;

beforeAll(async () => {
  app = await startThings();
});

afterAll(() => app.close());

const post = (payload: string): Promise<Answer> =>
  ask(app, { method: 'POST', url: '/things', payload, headers: { 'content-type': 'application/json' } });

describe('validation', () => {
  it('names each field, deep ones by their path, and unknown ones', async () => {
    const body = { email: 'no', name: 'far too long a name', extra: 1, lines: [{ sku: 1, more: 2 }] };

    const answer = await post(JSON.stringify(body));

    expectProblem(answer, 400, 'validation-failed', '/things');
    expect(fieldsOf(answer).toSorted()).toEqual(['email', 'extra', 'lines[0].more', 'lines[0].sku', 'name']);
    expect(answer.text).not.toContain('far too long');
  });

  it.each([
    ['{"email":{"a":1},"name":["x"]}', ['email', 'name']],
    ['{"email":"a@b.example","name":"a","lines":"x"}', ['lines']],
    ['{"email":"a@b.example","name":"a","lines":[1]}', ['lines[0]']],
    ['{"email":"a@b.example","name":"a","lines":[null]}', ['lines[0]']],
  ])('refuses wrong types: %s', async (body, fields) => {
    const answer = await post(body);

    expectProblem(answer, 400, 'validation-failed');
    expect(fieldsOf(answer)).toEqual(fields);
  });

  it('does not answer thousands of errors', async () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`field${at}`, 1]));

    expect(fieldsOf(await post(JSON.stringify(many)))).toHaveLength(50);
  });

  it('takes a UUID in any case, and refuses what is none', async () => {
    expect((await ask(app, { url: `/things/${USER_ID.toUpperCase()}` })).body).toMatchObject({ thingId: USER_ID });
    const answer = await ask(app, { url: '/things/not-a-uuid?secret=1' });
    expectProblem(answer, 400, 'validation-failed', '/things/not-a-uuid');
    expect(fieldsOf(answer)).toEqual(['thingId']);
  });

  it.each([
    'limit=0',
    'limit=201',
    'limit=ten',
    'limit=',
    'limit=1&limit=2',
    'limit=1e1',
    'unknown=1',
    'cursor=a&cursor=b',
  ])('refuses ?%s', async (query) => {
    expectProblem(await ask(app, { url: `/things?${query}` }), 400, 'validation-failed', '/things');
  });

  it('has a default limit', async () => {
    expect((await ask(app, { url: '/things' })).body).toMatchObject({ query: { limit: 50 } });
    expect((await ask(app, { url: '/things?limit=200&cursor=abc' })).body).toMatchObject({
      query: { limit: 200, cursor: 'abc' },
    });
  });
});
