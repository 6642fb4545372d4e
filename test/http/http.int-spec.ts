import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { Client } from '../../src/platform/testing/client.js';
import { expectProblem } from '../../src/platform/testing/expect-problem.js';
import { startThings, USER_ID } from '../../src/platform/testing/things-app.js';
import { ThingsController } from '../../src/platform/testing/things.controller.js';
import { Draining } from '../../packages/http/src/draining.js';

let app: NestFastifyApplication;
let client: Client;

beforeAll(async () => {
  app = await startThings();
  client = new Client(app.getHttpServer());
});

afterAll(() => app.close());

describe('paths', () => {
  it.each([
    ['get', '/nowhere?a=b', '/nowhere'],
    ['patch', '/things', '/things'],
    ['post', '/nowhere', '/nowhere'],
  ] as const)('%s %s: route-not-found', async (method, path, instance) => {
    const answer = await client.send(method, path, method === 'get' ? undefined : '{');

    expectProblem(answer, 404, 'route-not-found', { instance });
  });

  it.each(['%', '%zz', '%ff'])('that cannot be decoded: validation-failed: %s', async (name) => {
    expectProblem(await client.get(`/things/${name}?x=1`), 400, 'validation-failed', { instance: `/things/${name}` });
  });

  it('with a very long part: validation-failed', async () => {
    expectProblem(await client.get(`/things/${'a'.repeat(2_000)}`), 400, 'validation-failed');
  });
});

describe('faults', () => {
  it('reveal only the correlation id', async () => {
    const answer = await client.put('/things/failing', undefined, { 'x-correlation-id': 'mine-1' });

    expectProblem(answer, 500, 'internal-error', { instance: '/things/failing' });
    expect(answer.body).toMatchObject({ correlationId: 'mine-1' });
    expect(answer.text).not.toMatch(/select|hunter2|at /);
  });

  it('that are temporary say when to retry', async () => {
    const answer = await client.get('/things/busy');

    expectProblem(answer, 503, 'busy');
    expect(answer.headers['retry-after']).toBe('1');
  });
});

describe('headers in', () => {
  it('a correlation id and a trace reach the context', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const headers = { 'x-correlation-id': 'order.1:a', traceparent, 'leftfold-min-position': '12' };

    const answer = await client.get('/things', headers);

    expect(answer.headers['x-correlation-id']).toBe('order.1:a');
    expect(answer.body).toMatchObject({
      origin: { actor: 'anonymous', correlationId: 'order.1:a', traceparent, minPosition: 12 },
    });
  });

  it.each(['', 'a b', 'ä', 'x'.repeat(129), '<script>'])('a correlation id %j is replaced', async (id) => {
    const answer = await client.get('/things', { 'x-correlation-id': id });

    expect(answer.headers['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  // preconditions.spec.ts has every wrong value.
  it.each([
    ['delete', `/things/${USER_ID}`, 'If-Match', '*'],
    ['delete', `/things/${USER_ID}`, 'If-Match', ''],
    ['get', '/things', 'Leftfold-Min-Position', '-1'],
    ['get', '/things', 'Leftfold-Min-Position', ''],
    ['post', '/things', 'Idempotency-Key', ''],
  ] as const)('%s %s with %s: "%s" is refused', async (method, path, name, value) => {
    const body = method === 'post' ? { email: 'a@b.example', name: 'a' } : undefined;

    const answer = await client.send(method, path, body, { [name]: value });

    expectProblem(answer, 400, 'validation-failed', { fields: [name] });
  });

  it('If-Match is the expected version of a command, and ignored by a query', async () => {
    const answer = await client.delete(`/things/${USER_ID}`, { 'if-match': '"3"' });

    expect(answer).toMatchObject({ status: 200, body: { expectedVersion: 3 } });
    expect(await client.get('/things', { 'if-match': '*' })).toMatchObject({ status: 200 });
  });

  it.each(['k', ''])('Idempotency-Key is refused where the answer must not be stored: "%s"', async (key) => {
    expect(await client.post('/things/session')).toMatchObject({ status: 201 });
    const answer = await client.post('/things/session', undefined, { 'idempotency-key': key });

    expectProblem(answer, 400, 'validation-failed', { fields: ['Idempotency-Key'], instance: '/things/session' });
  });
});

describe('other circumstances', () => {
  it('a worker serves only health routes', async () => {
    const worker = await startThings({ ROLE: 'worker' });

    expectProblem(await new Client(worker.getHttpServer()).get('/things'), 404, 'route-not-found');
    await worker.close();
  });

  it('accepts no new requests while it stops', async () => {
    const stopping = await startThings();
    stopping.get(Draining).begin();

    const answer = await new Client(stopping.getHttpServer()).get('/things');

    expectProblem(answer, 503, 'busy');
    expect(answer.headers).toMatchObject({ 'retry-after': '1', connection: 'close' });
    await stopping.close();
  });

  it('stops when running requests are finished, despite connections that are kept alive', async () => {
    const stopping = await startThings();
    const [server, { held }] = [stopping.getHttpServer(), stopping.get(ThingsController)];
    const slow = new Client(server).get('/things/slow');
    // Unlike supertest, fetch keeps its connections.
    const kept = await fetch(`${await stopping.getUrl()}/things`);
    expect(kept.headers.get('connection')).toBe('keep-alive');
    await eventually(() => expect(held).toHaveLength(1));

    const stopped = stopping.close();
    await eventually(() => expect(server.listening).toBe(false));
    held[0]!();

    expect(await slow).toMatchObject({ status: 200, body: { done: true } });
    await stopped;
  });

  it.each([
    ['false', '127.0.0.1'],
    ['true', '10.0.0.2'],
    ['2', '10.0.0.1'],
  ])('TRUST_PROXY=%s: the caller is %s', async (TRUST_PROXY, address) => {
    const behind = await startThings({ TRUST_PROXY });

    const answer = await new Client(behind.getHttpServer()).get('/things/address', {
      'x-forwarded-for': '6.6.6.6, 10.0.0.1, 10.0.0.2',
    });

    expect(answer.body).toEqual({ address });
    await behind.close();
  });
});
