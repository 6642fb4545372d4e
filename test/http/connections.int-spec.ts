import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { once } from 'node:events';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { Client } from '../../src/platform/testing/client.js';
import { sendBytes } from '../../src/platform/testing/send-bytes.js';
import { startThings } from '../../src/platform/testing/things-app.js';
import { ThingsController } from '../../src/platform/testing/things.controller.js';
import { CONNECTION_LIMITS, type HttpServer } from '../../packages/http/src/connections/http-server.js';

const HEADERS = 'POST /things HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n';

/** The status, the headers that every problem has, and the problem. */
function expectProblemIn(answer: string, status: number, type: string): void {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} \\w`));
  expect(head).toMatch(/\r\nx-correlation-id: [0-9a-f-]{36}(\r\n|$)/);
  expect(head).toMatch(/\r\ncontent-type: application\/problem\+json(\r\n|$)/);
  expect(head).toMatch(/\r\nconnection: close(\r\n|$)/i);
  expect(JSON.parse(body)).toMatchObject({ type, status, detail: expect.stringMatching(/\.$/) });
}

/** A connection, and the bytes that come back on it. */
class Caller {
  /** What has come so far. */
  answer = '';
  private readonly socket: Socket;
  readonly answered: Promise<string>;

  constructor(server: Server, bytes = '') {
    this.socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    this.socket.setEncoding('utf8').on('data', (text: string) => (this.answer += text));
    this.socket.write(bytes);
    // Writes after the server has hung up fail; its earlier answer counts.
    this.socket.on('error', () => this.socket.destroy());
    this.answered = new Promise((resolve) => this.socket.once('close', () => resolve(this.answer)));
  }

  get isOpen(): boolean {
    return !this.socket.destroyed;
  }

  write(bytes: string): void {
    this.socket.write(bytes);
  }

  end(): void {
    this.socket.destroy();
  }
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}

describe('refusals by Node are problem documents', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    app = await startThings();
  });

  afterAll(() => app.close());

  it.each([
    ['no Host', 'GET /things HTTP/1.1\r\n\r\n', 400, 'validation-failed'],
    ['an expectation', `${HEADERS}expect: tea\r\ncontent-length: 2\r\n\r\n{}`, 417, 'expectation-failed'],
    ['a tunnel', 'CONNECT a:80 HTTP/1.1\r\nhost: a\r\n\r\n', 404, 'route-not-found'],
    ['large headers', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431, 'headers-too-large'],
    ['a long path', `GET /${'y'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`, 431, 'headers-too-large'],
    ['a bad chunk', `${HEADERS}transfer-encoding: chunked\r\n\r\nzz\r\n`, 400, 'validation-failed'],
    ['two lengths', `${HEADERS}transfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n`, 400, 'validation-failed'],
    ['no HTTP at all', 'hello\r\n\r\n', 400, 'validation-failed'],
    ['an unknown method', 'BREW /things HTTP/1.1\r\nhost: a\r\n\r\n', 400, 'validation-failed'],
    ...['\u0000', '\u0001', '\u001b', '\u007f'].map((character): [string, string, number, string] => [
      `the control character ${JSON.stringify(character)} in a header`,
      `GET /things HTTP/1.1\r\nhost: a\r\nx: a${character}b\r\n\r\n`,
      400,
      'validation-failed',
    ]),
  ])('%s', async (_name, bytes, status, type) => {
    expectProblemIn(await sendBytes(app.getHttpServer(), bytes), status, type);
  });

  it('also on every address of HOST=localhost', async () => {
    const local = await startThings({}, [], undefined, 'localhost');
    const bytes = `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`;
    for (const { address, port } of local.getHttpAdapter().getInstance().addresses() as AddressInfo[]) {
      const socket = connect(port, address).setEncoding('utf8');
      socket.write(bytes);
      const [text] = (await once(socket, 'data')) as [string];
      expect(text).toMatch(/^HTTP\/1.1 431 [^]*"type":"headers-too-large"/);
      socket.destroy();
    }
    await local.close();
  });

  it('but never replace the answer to a running request', async () => {
    const { held } = app.get(ThingsController);
    const caller = new Caller(app.getHttpServer(), 'GET /things/slow HTTP/1.1\r\nhost: a\r\n\r\nrubbish\r\n\r\n');

    expect(await caller.answered).toBe('');
    for (const goOn of held) goOn();
  });
});

describe('connections that take too long', () => {
  const SHORT = { ...CONNECTION_LIMITS, headers: 100, request: 200, check: 20 };
  let app: NestFastifyApplication;

  beforeAll(async () => {
    app = await startThings({}, [], SHORT);
  });

  /** Has long limits until the server has read a request: a busy machine may need longer than the short ones for it. */
  const patientUntil = async (hasRead: () => void): Promise<void> => {
    const server = app.getHttpServer() as HttpServer;
    server.limit(CONNECTION_LIMITS);
    await eventually(hasRead);
    server.limit(SHORT);
  };

  afterAll(() => app.close());

  it.each([
    ['that send nothing', ''],
    ['with half of the headers', 'GET /things HTTP/1.1\r\nhost:'],
    ['with half of the body', `${HEADERS}content-length: 90\r\n\r\n{"email":`],
  ])('are ended: %s', async (_name, bytes) => {
    expectProblemIn(await new Caller(app.getHttpServer(), bytes).answered, 408, 'request-timeout');
  });

  it('are ended: a body that comes byte by byte', async () => {
    const caller = new Caller(app.getHttpServer(), `${HEADERS}content-length: 90000\r\n\r\n{"email":"`);
    const drip = setInterval(() => caller.isOpen && caller.write('a'), 10);

    expectProblemIn(await caller.answered, 408, 'request-timeout');
    clearInterval(drip);
  });

  it('are ended without a second answer when the first came before the body', async () => {
    const bytes = 'POST /nowhere HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 90\r\n\r\n';

    const caller = new Caller(app.getHttpServer(), bytes);
    await patientUntil(() => expect(caller.answer).toContain('HTTP/1.1 404'));

    expect((await caller.answered).match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 404']);
  });

  it('are not those that wait for a slow answer', async () => {
    const { held } = app.get(ThingsController);
    const slow = new Client(app.getHttpServer()).get('/things/slow');
    await patientUntil(() => expect(held).toHaveLength(1));

    // Would be closed later than the slow answer's limit.
    await new Caller(app.getHttpServer(), `${HEADERS}content-length: 90\r\n\r\n`).answered;
    await new Caller(app.getHttpServer(), `${HEADERS}content-length: 90\r\n\r\n`).answered;
    held[0]!();

    expect((await slow).status).toBe(200);
  });
});

describe('connections from one address', () => {
  const LIMITS = { ...CONNECTION_LIMITS, perAddress: 2 };

  it('are limited until some have closed', async () => {
    const app = await startThings({}, [], LIMITS);
    const server: Server = app.getHttpServer();
    const held = [new Caller(server), new Caller(server)];
    await eventually(async () => expect(await connectionsOf(server)).toBe(2));

    const refused = await new Caller(server).answered;
    expectProblemIn(refused, 429, 'too-many-requests');
    expect(refused).toMatch(/\r\nretry-after: 1\r\n/);

    held[0]!.end();
    await eventually(async () => expect((await new Client(server).get('/things')).status).toBe(200));
    for (const caller of held) caller.end();
    await app.close();
  });

  it('are as many as the settings say', async () => {
    const app = await startThings({ CONNECTIONS_PER_ADDRESS: '10' });
    const server: Server = app.getHttpServer();
    const held = Array.from({ length: 10 }, () => new Caller(server));
    await eventually(async () => expect(await connectionsOf(server)).toBe(10));

    expectProblemIn(await new Caller(server).answered, 429, 'too-many-requests');
    for (const caller of held) caller.end();
    await app.close();
  });

  it('may take as long as the settings say', async () => {
    const app = await startThings({ HEADERS_TIMEOUT: '2s', REQUEST_TIMEOUT: '2s' });
    const caller = new Caller(app.getHttpServer(), `${HEADERS}content-length: 90\r\n\r\n{`);

    expectProblemIn(await caller.answered, 408, 'request-timeout');
    await app.close();
  });

  it.each([
    ['TRUST_PROXY', 'true'],
    ['RATE_LIMITS', 'off'],
  ])('are not with %s=%s', async (name, value) => {
    const app = await startThings({ [name]: value }, [], LIMITS);
    const server: Server = app.getHttpServer();
    const held = Array.from({ length: 3 }, () => new Caller(server));
    await eventually(async () => expect(await connectionsOf(server)).toBe(3));

    expect((await new Client(server).get('/things')).status).toBe(200);

    for (const caller of held) caller.end();
    await app.close();
  });
});

describe('a server that closes', () => {
  it('closes silent connections at once, incomplete requests soon, and answers running requests', async () => {
    const app = await startThings({}, [], { ...CONNECTION_LIMITS, arrival: 50 });
    const server: Server = app.getHttpServer();
    const { held } = app.get(ThingsController);
    const sockets: Socket[] = [];
    server.on('connection', (socket) => sockets.push(socket));
    const running = new Client(server).get('/things/slow');
    const silent = new Caller(server);
    const half = new Caller(server, 'GET /things HTTP/1.1\r\nhost:');
    const slow = new Caller(server, `${HEADERS}content-length: 90\r\n\r\n{"email":`);
    await eventually(() => {
      expect(sockets).toHaveLength(4);
      // What is not read yet may not have been sent at all.
      expect(sockets.filter(({ bytesRead }) => bytesRead > 0)).toHaveLength(3);
      expect(held).toHaveLength(1);
    });

    const closed = app.close();

    expect(await silent.answered).toBe('');
    expect(await half.answered).toBe('');
    expectProblemIn(await slow.answered, 503, 'busy');
    held[0]!();
    expect((await running).status).toBe(200);
    await closed;
  });
});
