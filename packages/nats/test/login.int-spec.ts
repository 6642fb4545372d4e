import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nkeys } from '@nats-io/transport-node';
import { describeIf } from '../../core/test/support/skipping.js';
import { BrokerConnection } from '../src/connection/broker-connection.js';
import type { NatsLogin } from '../src/connection/login.js';
import { resolveNatsOptions } from '../src/nats-options.js';
import { Operator, seedOf } from './support/credentials.js';
import { NATS_SERVER, NatsServer, NO_NATS_SERVER } from './support/nats-server.js';

describeIf(NATS_SERVER, NO_NATS_SERVER)('a broker that knows users by', () => {
  const user = nkeys.createUser();
  const operator = new Operator();
  const servers = new Map<NatsLogin['kind'], NatsServer>();
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leftfold-nats-'));
    // The server gives a client two seconds by itself, and a busy machine needs longer.
    await start('nkey', [`authorization { timeout: 30, users: [ { nkey: ${user.getPublicKey()} } ] }`]);
    await start('creds', [...operator.settings, 'authorization { timeout: 30 }']);
  });

  afterAll(async () => {
    for (const server of servers.values()) await server.kill();
    await rm(folder, { recursive: true });
  });

  async function start(kind: NatsLogin['kind'], settings: readonly string[]): Promise<void> {
    const itsOwn = join(folder, kind);
    await mkdir(itsOwn);
    servers.set(kind, await NatsServer.start(itsOwn, settings));
  }

  const connection = (kind: NatsLogin['kind'], read: () => string): BrokerConnection =>
    new BrokerConnection(
      resolveNatsOptions({ servers: servers.get(kind)!.url, login: { kind, read }, timeout: 20_000 }),
    );

  describe.each<[NatsLogin['kind'], () => string, () => string]>([
    ['nkey', () => seedOf(user), () => seedOf(nkeys.createUser())],
    ['creds', () => operator.credentials(), () => new Operator().credentials()],
  ])('%s', (kind, known, unknown) => {
    it('stores a message of one, and none of another; the error has no secret', async () => {
      let text = unknown();
      const broker = connection(kind, () => text);
      const error = await broker.client().then(
        () => undefined,
        (thrown: unknown) => thrown as Error,
      );
      expect(error?.message).toMatch(/Authorization Violation/);
      expect(`${error!.stack} ${String(error!.cause)}`).not.toMatch(/SU[A-Z2-7]{20}|eyJ/);

      // The file was renewed. The next connection reads it.
      text = known();
      const client = await broker.client();
      await expect(client.publish('leftfold.order.1', '{}')).resolves.toMatchObject({ stream: 'LEFTFOLD', seq: 1 });
      await broker.close();
    });
  });
});
