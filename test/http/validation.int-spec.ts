import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Client } from '../../src/platform/testing/client.js';
import { expectProblem, fieldsOf } from '../../src/platform/testing/expect-problem.js';
import { startThings, USER_ID } from '../../src/platform/testing/things-app.js';

let app: NestFastifyApplication;
let client: Client;

beforeAll(async () => {
  app = await startThings();
  client = new Client(app.getHttpServer());
});

afterAll(() => app.close());

it('names each invalid field, nested ones by path, and unknown ones', async () => {
  const body = { email: 'no', name: 'far too long a name', extra: 1, '': 2, lines: [{ sku: 1, more: 2 }] };

  const answer = await client.post('/things', body);

  const fields = ['email', 'extra', '', 'lines[0].more', 'lines[0].sku', 'name'];
  expectProblem(answer, 400, 'validation-failed', { instance: '/things', fields });
  expect(answer.text).not.toContain('far too long');
});

it.each([
  [{ email: { a: 1 }, name: ['x'] }, ['email', 'name']],
  [{ email: 'a@b.example', name: 'a', lines: 'x' }, ['lines']],
  [{ email: 'a@b.example', name: 'a', lines: [1] }, ['lines[0]']],
  [{ email: 'a@b.example', name: 'a', lines: [null] }, ['lines[0]']],
])('refuses wrong types: %j', async (body, fields) => {
  expectProblem(await client.post('/things', body), 400, 'validation-failed', { fields });
});

it('names at most 50 fields', async () => {
  const many = Object.fromEntries(Array.from({ length: 90 }, (_, at) => [`field${at}`, 1]));

  expect(fieldsOf(await client.post('/things', many))).toHaveLength(50);
});

it('accepts a UUID in any case, and refuses anything else', async () => {
  expect((await client.get(`/things/${USER_ID.toUpperCase()}`)).body).toMatchObject({ thingId: USER_ID });

  const others = ['7', 'ann', `${USER_ID}0`, USER_ID.replaceAll('-', ''), `%7B${USER_ID}%7D`, '%00', '..%2F'];
  for (const id of others) {
    const answer = await client.get(`/things/${id}?secret=1`);
    expectProblem(answer, 400, 'validation-failed', { instance: `/things/${id}`, fields: ['thingId'] });
  }
});

it.each(['limit=201', 'limit=1&limit=2', 'unknown=1', 'cursor=a&cursor=b'])('refuses ?%s', async (query) => {
  expectProblem(await client.get(`/things?${query}`), 400, 'validation-failed', {
    instance: '/things',
    fields: [query.split('=', 1)[0]!],
  });
});

it('has a default limit', async () => {
  expect((await client.get('/things')).body).toMatchObject({ query: { limit: 50 } });
  expect((await client.get('/things?limit=200&cursor=abc')).body).toMatchObject({
    query: { limit: 200, cursor: 'abc' },
  });
});

it('refuses a query of more than 100 parameters as a whole', async () => {
  const query = (count: number): string => Array.from({ length: count }, (_, at) => `p${at}=1`).join('&');

  expectProblem(await client.get(`/things?${query(101)}`), 400, 'validation-failed', { fields: ['query'] });
  expect(fieldsOf(await client.get(`/things?${query(100)}`))).toHaveLength(50);
});
