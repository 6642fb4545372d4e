import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger, LoggerModule } from 'nestjs-pino';
import { capturedLog } from '../../../test/support/captured-log.js';
import { eventually } from '../../../packages/core/test/support/eventually.js';
import { Client } from '../testing/client.js';
import { startThings } from '../testing/things-app.js';
import { logOptions } from './log-options.js';
import { EVERY_ROUTE } from './logging.module.js';

let app: NestFastifyApplication;
let client: Client;

beforeAll(async () => {
  const logging = LoggerModule.forRoot({ pinoHttp: [logOptions('info'), capturedLog], forRoutes: EVERY_ROUTE });
  app = await startThings({}, [logging]);
  app.useLogger(app.get(Logger));
  client = new Client(app.getHttpServer());
});

/** A request is logged when its answer has been sent, which may be after the client received it. */
function linesOnceThereAre(count: number): Promise<Record<string, unknown>[]> {
  return eventually(() => {
    expect(capturedLog.lines).toHaveLength(count);
    return capturedLog.lines;
  });
}

beforeEach(() => capturedLog.begin('info'));

afterAll(() => app.close());

it('logs a request by method, path and correlation id', async () => {
  await client.get('/things?cursor=hunter2', { 'x-correlation-id': 'c-1', authorization: 'hunter2' });

  expect(await linesOnceThereAre(1)).toEqual([
    expect.objectContaining({
      correlationId: 'c-1',
      req: { method: 'GET', path: '/things' },
      res: { statusCode: 200 },
    }),
  ]);
  expect(capturedLog.text).not.toContain('hunter2');
});

it('logs a fault once with its stack, under the same correlation id, without the error’s other properties', async () => {
  await client.put('/things/failing', undefined, { 'x-correlation-id': 'c-2' });

  const lines = await linesOnceThereAre(2);
  expect(lines.map(({ level, correlationId }) => [level, correlationId])).toEqual([
    [50, 'c-2'],
    [40, 'c-2'],
  ]);
  expect(lines[0]?.err).toMatchObject({ type: 'Error', stack: expect.stringContaining('things.controller') });
  expect(lines[1]).not.toHaveProperty('err');
  expect(capturedLog.text).not.toContain('hunter2');
});

it('does not log a refusal as a fault', async () => {
  await client.get('/things/not-a-uuid');
  await client.get('/nowhere');

  expect((await linesOnceThereAre(2)).map(({ level, msg }) => [level, msg])).toEqual([
    [30, 'request completed'],
    [30, 'request completed'],
  ]);
});
