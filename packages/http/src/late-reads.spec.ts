import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { ArgumentsHost } from '@nestjs/common';
import { fastify, type FastifyInstance, type FastifyReply } from 'fastify';
import { answerLateReads } from './late-reads.js';
import { ProblemFilter } from './problems/problem.filter.js';

const LIMIT = 30;

let server: FastifyInstance;
let ends: PromiseWithResolvers<object>;
let last: FastifyReply;

beforeEach(() => {
  ends = Promise.withResolvers();
  server = fastify();
  server.addHook('onRequest', answerLateReads(LIMIT));
  const wait = async (_request: unknown, reply: FastifyReply): Promise<object> => {
    last = reply;
    return ends.promise;
  };
  server.get('/stuck', wait);
  server.post('/stuck', wait);
  server.get('/quick', async () => ({ quick: true }));
  server.get('/stream', async (_request, reply) => reply.send(Readable.from(inTwoParts())));
});

afterEach(() => server.close());

async function* inTwoParts(): AsyncGenerator<string> {
  yield 'one ';
  await delay(3 * LIMIT);
  yield 'two';
}

it('answers a read that takes too long with busy, and leaves what its handler does afterwards', async () => {
  await server.listen({ port: 0, host: '127.0.0.1' });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { port } = server.server.address() as AddressInfo;
  const ask = async (path: string): Promise<IncomingMessage> => {
    const [answer] = (await once(get({ port, path, agent }), 'response')) as [IncomingMessage];
    return answer;
  };

  const late = await ask('/stuck?a=b');
  const { statusCode, headers, socket } = late;
  expect({ statusCode, type: headers['content-type'], retry: headers['retry-after'] }).toEqual({
    statusCode: 503,
    type: 'application/problem+json; charset=utf-8',
    retry: '1',
  });
  expect(JSON.parse(await text(late))).toMatchObject({ type: 'busy', status: 503, instance: '/stuck' });

  const http = { getRequest: () => last.request, getResponse: () => last };
  new ProblemFilter().catch(new Error('The connection is lost.'), { switchToHttp: () => http } as ArgumentsHost);
  ends.resolve({ late: true });
  const next = await ask('/quick');
  expect({ status: next.statusCode, isSame: next.socket === socket }).toEqual({ status: 200, isSame: true });
  expect(await text(next)).toBe('{"quick":true}');
  agent.destroy();
});

it('leaves commands, what is quick, and what has begun', async () => {
  const command = server.inject({ method: 'POST', url: '/stuck' });
  expect((await server.inject('/quick')).statusCode).toBe(200);
  expect((await server.inject('/stream')).body).toBe('one two');
  ends.resolve({ stored: true });
  expect((await command).json()).toEqual({ stored: true });
});
