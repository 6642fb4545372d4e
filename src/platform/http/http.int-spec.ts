import { Agent } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ask, askRaw, expectProblem, fieldsOf } from '../testing/ask.js';
import { startThings, USER_ID } from '../testing/things-app.js';
import { Draining } from './draining.js';

let app: NestFastifyApplication;

beforeAll(async () => {
  app = await startThings();
});

afterAll(() => app.close());

describe('paths', () => {
  it.each([
    ['GET', '/nowhere?a=b', '/nowhere'],
    ['PATCH', '/things', '/things'],
    ['POST', '/nowhere', '/nowhere'],
  ] as const)('%s %s: route-not-found', async (method, url, instance) => {
    const payload = method === 'GET' ? {} : { payload: '{', headers: { 'content-type': 'application/json' } };
    expectProblem(await ask(app, { method, url, ...payload }), 404, 'route-not-found', instance);
  });

  it('that cannot be decoded: validation-failed', async () => {
    expectProblem(await ask(app, { url: '/things/%zz?x=1' }), 400, 'validation-failed', '/things/%zz');
  });

  it('with a very long part: validation-failed', async () => {
    expectProblem(await ask(app, { url: `/things/${'a'.repeat(2_000)}` }), 400, 'validation-failed');
  });
});

describe('faults', () => {
  it('say nothing but the correlation id', async () => {
    const answer = await ask(app, { method: 'PUT', url: '/things/failing', headers: { 'x-correlation-id': 'mine-1' } });

    expectProblem(answer, 500, 'internal-error', '/things/failing');
    expect(answer.body.correlationId).toBe('mine-1');
    expect(Object.keys(answer.body).toSorted()).toEqual(
      ['correlationId', 'detail', 'instance', 'status', 'title', 'type'].toSorted(),
    );
    expect(answer.text).not.toMatch(/select|hunter2|at /);
  });

  it('that pass say when to come back', async () => {
    const answer = await ask(app, { url: '/things/busy' });

    expectProblem(answer, 503, 'busy');
    expect(answer.headers['retry-after']).toBe('1');
  });
});

describe('headers in', () => {
  it('a correlation id and a trace reach the context', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const headers = { 'x-correlation-id': 'order.1:a', traceparent, 'leftfold-min-position': '12' };

    const answer = await ask(app, { url: '/things', headers });

    expect(answer.headers['x-correlation-id']).toBe('order.1:a');
    expect(answer.body.origin).toEqual({
      actor: 'anonymous',
      correlationId: 'order.1:a',
      traceparent,
      minPosition: 12,
    });
  });

  it.each(['', 'a b', 'ä', 'x'.repeat(129), '<script>'])('a correlation id %j is replaced', async (id) => {
    const answer = await ask(app, { url: '/things', headers: { 'x-correlation-id': id } });

    expect(answer.headers['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each(['3', '"0"', '"-1"', '*', 'W/"3"', '"3", "4"', '"abc"', ''])('If-Match: %s is refused', async (value) => {
    const answer = await ask(app, { method: 'DELETE', url: `/things/${USER_ID}`, headers: { 'if-match': value } });

    expectProblem(answer, 400, 'validation-failed');
    expect(fieldsOf(answer)).toEqual(['If-Match']);
  });

  it('If-Match is the expected version of a command, and nothing to a query', async () => {
    const answer = await ask(app, { method: 'DELETE', url: `/things/${USER_ID}`, headers: { 'if-match': '"3"' } });
    expect(answer).toMatchObject({ status: 200, body: { expectedVersion: 3 } });
    expect(await ask(app, { url: '/things', headers: { 'if-match': '*' } })).toMatchObject({ status: 200 });
  });

  it.each(['-1', 'x', '1.5', '99999999999999999999'])('Leftfold-Min-Position: %s is refused', async (value) => {
    const answer = await ask(app, { url: '/things', headers: { 'leftfold-min-position': value } });

    expectProblem(answer, 400, 'validation-failed');
    expect(fieldsOf(answer)).toEqual(['Leftfold-Min-Position']);
  });

  it('Idempotency-Key is refused where the answer must not be kept', async () => {
    expect(await ask(app, { method: 'POST', url: '/things/session' })).toMatchObject({ status: 201 });
    const answer = await ask(app, { method: 'POST', url: '/things/session', headers: { 'idempotency-key': 'k' } });
    expectProblem(answer, 400, 'validation-failed');
    expect(fieldsOf(answer)).toEqual(['Idempotency-Key']);
  });
});

describe('other circumstances', () => {
  it('a worker serves nothing but health', async () => {
    const worker = await startThings({ ROLE: 'worker' });

    expectProblem(await ask(worker, { url: '/things' }), 404, 'route-not-found');
    await worker.close();
  });

  it('while it stops, it takes on nothing new', async () => {
    const stopping = await startThings();
    stopping.get(Draining).begin();

    const answer = await ask(stopping, { url: '/things' });

    expectProblem(answer, 503, 'busy');
    expect(answer.headers).toMatchObject({ 'retry-after': '1', connection: 'close' });
    await stopping.close();
  });

  it('stops when what runs is finished, whatever connections are kept alive', async () => {
    const stopping = await startThings();
    const agent = new Agent({ keepAlive: true });
    await ask(stopping, { url: '/things', agent });
    const slow = ask(stopping, { url: '/things/slow', agent });
    await ask(stopping, { url: '/things' });
    const begin = Date.now();

    await stopping.close();

    expect(Date.now() - begin).toBeLessThan(2_000);
    expect(await slow).toMatchObject({ status: 200, body: { done: true } });
  });

  it.each([
    ['false', '127.0.0.1'],
    ['true', '10.0.0.2'],
    ['2', '10.0.0.1'],
  ])('TRUST_PROXY=%s: the caller is %s', async (TRUST_PROXY, address) => {
    const behind = await startThings({ TRUST_PROXY });

    const answer = await ask(behind, {
      url: '/things/address',
      headers: { 'x-forwarded-for': '6.6.6.6, 10.0.0.1, 10.0.0.2' },
    });

    expect(answer.body).toEqual({ address });
    await behind.close();
  });

  it.each([
    ['headers that are too large', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`],
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['an unknown method', 'BREW /things HTTP/1.1\r\nhost: a\r\n\r\n'],
  ])('%s: a problem document as well', async (_name, bytes) => {
    const listening = await startThings();

    const answer = await askRaw(listening, bytes);

    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toMatch(/\r\nx-correlation-id: [0-9a-f-]{36}\r\ncontent-type: application\/problem\+json\r\n/);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ type: 'validation-failed', status: 400 });
    await listening.close();
  });
});
