import { serializeError } from '@leftfold/core';
import { createServer } from 'node:http';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { pinoHttp } from 'pino-http';
import { QueryFailedError } from 'typeorm';
import { logOptions } from './log-options.js';

const SECRET = 'hunter2-hunter2';

function queryFailure(): Error {
  const driver = Object.assign(new Error('duplicate key'), { code: '23505', detail: `Key (hash)=(${SECRET})` });
  return new QueryFailedError(`insert into x values ('${SECRET}')`, [SECRET], driver);
}

function collect(): { lines: Record<string, unknown>[]; stream: Writable } {
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  return { lines, stream };
}

it('of an error has type, message, stack and code, also of its causes, and nothing else', () => {
  const error = new Error('Outer', { cause: queryFailure() });

  const logged = serializeError(error);

  expect(Object.keys(logged)).toEqual(['type', 'message', 'stack', 'cause']);
  expect(logged.cause).toMatchObject({ type: 'QueryFailedError', code: '23505' });
  expect(Object.keys(logged.cause ?? {}).toSorted()).toEqual(['code', 'message', 'stack', 'type']);
  expect(JSON.stringify(logged)).not.toContain(SECRET);
});

it('ends at a circular cause, and shows nothing of a value that is no error', () => {
  const error = new Error('x');
  error.cause = error;

  expect(() => JSON.stringify(serializeError(error))).not.toThrow();
  expect(JSON.stringify(serializeError({ password: SECRET }))).not.toContain(SECRET);
});

it('names the node on every line, if it has a name', () => {
  const { lines, stream } = collect();

  pino(logOptions('info'), stream).info('x');
  pino(logOptions('info', 'orders-1'), stream).info('x');

  expect(lines[0]).not.toHaveProperty('node');
  expect(lines[1]).toMatchObject({ node: 'orders-1', pid: process.pid });
});

it('leaves secrets and properties of errors out of a line', () => {
  const { lines, stream } = collect();
  const logger = pino(logOptions('info'), stream);

  logger.error({ err: queryFailure() }, 'x');
  logger.info({ password: SECRET, body: { password: SECRET, accessToken: SECRET } }, 'x');

  expect(lines).toHaveLength(2);
  expect(JSON.stringify(lines)).not.toContain(SECRET);
});

it('masks e-mail addresses in a text, an error and its causes', () => {
  const { lines, stream } = collect();
  const logger = pino(logOptions('info'), stream);
  const error = new Error('550 <ann@example.com>: unknown', { cause: new Error('anä@müller.example is no "text"') });

  logger.error({ err: error }, 'No mail to ann@example.com.');
  logger.warn('No mail: ' + error.message);
  logger.error({ err: error });
  logger.error(error);

  expect(lines).toHaveLength(4);
  expect(lines.slice(2).map(({ msg }) => msg)).toEqual(Array(2).fill('550 <[address]>: unknown'));
  expect(JSON.stringify(lines)).not.toMatch(/ann@|anä@|example\.com|müller/);
  expect(lines[0]).toMatchObject({ err: { message: '550 <[address]>: unknown' } });
});

it('drops Nest’s startup lines, but no warning', () => {
  const { lines, stream } = collect();
  const logger = pino(logOptions('info'), stream);

  logger.info({ context: 'RouterExplorer' }, 'Mapped');
  logger.warn({ context: 'RouterExplorer' }, 'odd');
  logger.info({ context: 'Process' }, 'Listening');

  expect(lines.map(({ msg }) => msg)).toEqual(['odd', 'Listening']);
});

it.each([
  ['/users?token=hunter2-hunter2', 201, ['request completed', 30]],
  ['/users', 503, ['request failed', 40]],
  ['/health/live', 200, undefined],
  ['/metrics', 200, undefined],
] as const)('of a request to %s has method, path and status', async (url, status, expected) => {
  const { lines, stream } = collect();
  const log = pinoHttp(logOptions('info'), stream);
  const server = createServer((request, response) => {
    request.id = 'an-id';
    log(request, response);
    response.statusCode = status;
    response.end(SECRET);
  }).listen(0, '127.0.0.1');
  const { port } = await new Promise<{ port: number }>((resolve) => {
    server.on('listening', () => resolve(server.address() as { port: number }));
  });

  await fetch(`http://127.0.0.1:${port}${url}`, { headers: { authorization: `Bearer ${SECRET}`, cookie: SECRET } });
  await new Promise((resolve) => server.close(resolve));

  expect(lines).toHaveLength(expected ? 1 : 0);
  if (!expected) return;
  const [line] = lines;
  expect([line?.msg, line?.level]).toEqual(expected);
  expect(line).toMatchObject({
    correlationId: 'an-id',
    req: { method: 'GET', path: '/users' },
    res: { statusCode: status },
  });
  expect(line).not.toHaveProperty('err');
  expect(JSON.stringify(line)).not.toContain(SECRET);
});
