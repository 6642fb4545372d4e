import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fastify, type FastifyInstance } from 'fastify';
import { eventually } from '../../../core/test/support/eventually.js';
import { HttpMetrics } from './http-metrics.js';

let metrics: HttpMetrics;
let server: FastifyInstance;

beforeEach(async () => {
  metrics = new HttpMetrics();
  server = fastify().addHook('onResponse', (request, reply, done) => {
    metrics.answered(request, reply);
    done();
  });
  server.get('/things/:id', () => ({}));
  server.delete('/things/:id', (_request, reply) => reply.status(503).send());
  server.get('/metrics', () => '');
  server.get('/metrics/:of', () => '');
  server.get('/health/:what', () => '');
  server.get('/healthy', () => '');
  server.get('/slow', () => delay(20, ''));
  server.get('/live', (_request, reply) => reply.type('text/event-stream').send(Readable.from(['data: 1\n\n'])));
  await server.listen({ port: 0, host: '127.0.0.1' });
});

afterEach(() => server.close());

async function ask(path: string, method = 'GET'): Promise<Response> {
  const { port } = server.server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method });
  await answer.text();
  return answer;
}

/** A request is counted when its answer has been sent, which may be after the client received it. */
async function expectCounted(expected: object[]): Promise<void> {
  await eventually(async () => expect(await counted()).toEqual(expected));
}

async function counted(): Promise<{ labels: object; count: number }[]> {
  const { values } = await metrics.duration.get();
  return values
    .filter(({ metricName }) => metricName?.endsWith('_count'))
    .map(({ labels, value }) => ({ labels, count: value }));
}

it('counts by method, pattern and status', async () => {
  for (const path of ['/things/1', '/things/2?token=3']) await ask(path);
  await ask('/things/1', 'DELETE');

  await expectCounted([
    { labels: { method: 'GET', route: '/things/:id', status: 200 }, count: 2 },
    { labels: { method: 'DELETE', route: '/things/:id', status: 503 }, count: 1 },
  ]);
});

it('counts all requests without a route as one', async () => {
  for (const path of ['/nowhere', '/things', '/things/1/2']) await ask(path);

  await expectCounted([{ labels: { method: 'GET', route: 'unmatched', status: 404 }, count: 3 }]);
});

it('leaves out operator routes and event streams, but not routes with similar names', async () => {
  for (const path of ['/metrics', '/health/live', '/live', '/metrics/2', '/healthy']) {
    expect((await ask(path)).status).toBe(200);
  }

  await expectCounted([
    { labels: { method: 'GET', route: '/metrics/:of', status: 200 }, count: 1 },
    { labels: { method: 'GET', route: '/healthy', status: 200 }, count: 1 },
  ]);
});

it('counts in seconds', async () => {
  const begun = performance.now();
  await ask('/slow');

  await expectCounted([{ labels: { method: 'GET', route: '/slow', status: 200 }, count: 1 }]);
  const { values } = await metrics.duration.get();
  const sum = values.find(({ metricName }) => metricName?.endsWith('_sum'))!.value;
  expect(sum).toBeGreaterThan(0);
  expect(sum).toBeLessThan((performance.now() - begun) / 1_000);
});
