import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeIf } from '../../core/test/support/skipping.js';
import { BrokerConnection } from '../src/connection/broker-connection.js';
import { type NatsOptions, resolveNatsOptions } from '../src/nats-options.js';
import { Authority, NO_OPENSSL, OPENSSL } from './support/certificates.js';
import { NATS_SERVER, NatsServer, NO_NATS_SERVER } from './support/nats-server.js';

const PASSWORD = 'p@ss/wörd';
const ENCODED = encodeURIComponent(PASSWORD);

describeIf(NATS_SERVER && OPENSSL, NATS_SERVER ? NO_OPENSSL : NO_NATS_SERVER)(
  'a broker with TLS and credentials',
  () => {
    let folder: string;
    let authority: Authority;
    /** `tls`: with a password. `other`: its certificate is for others. `mutual`: it demands a certificate of the client. `plain`: without TLS, with a token. */
    const servers = new Map<string, NatsServer>();
    const own = { cert: '', key: '' };

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'leftfold-nats-'));
      authority = await Authority.make(folder);
      const { cert, key } = await authority.sign('server', 'IP:127.0.0.1');
      const client = await authority.sign('client', 'DNS:client');
      own.cert = await readFile(client.cert, 'utf8');
      own.key = await readFile(client.key, 'utf8');
      // The server gives a client two seconds by itself, and a busy machine needs longer.
      const files = `timeout: 30, cert_file: "${cert}", key_file: "${key}"`;
      await start('tls', `tls { ${files} }`, `authorization { timeout: 30, user: ann, password: "${PASSWORD}" }`);
      await start('mutual', `tls { ${files}, ca_file: "${authority.file}", verify: true }`);
      const other = await authority.sign('other', 'IP:127.0.0.2,DNS:localhost');
      await start('other', `tls { timeout: 30, cert_file: "${other.cert}", key_file: "${other.key}" }`);
      await start('plain', 'authorization { timeout: 30, token: "s3cr3t" }');
    });

    afterAll(async () => {
      for (const server of servers.values()) await server.kill();
      await rm(folder, { recursive: true });
    });

    async function start(name: string, ...settings: readonly string[]): Promise<void> {
      const itsOwn = join(folder, name);
      await mkdir(itsOwn);
      servers.set(name, await NatsServer.start(itsOwn, settings));
    }

    /** Connects, and asks JetStream for its stream. */
    async function tryTo(server: string, place: string, tls?: NatsOptions['tls']): Promise<void> {
      const url = place.replace('<port>', String(servers.get(server)!.port));
      const connection = new BrokerConnection(resolveNatsOptions({ servers: url, tls, timeout: 30_000 }));
      try {
        await connection.client();
      } finally {
        await connection.close();
      }
    }

    const known = () => ({ ca: authority.text });
    const none = () => undefined;

    it.each<[string, string, string, () => NatsOptions['tls']]>([
      ['tls:// with the password', 'tls', `tls://ann:${ENCODED}@127.0.0.1:<port>`, known],
      ['nats://, when the server demands TLS', 'tls', `nats://ann:${ENCODED}@127.0.0.1:<port>`, known],
      ['its host name', 'other', 'tls://localhost:<port>', known],
      ['a certificate of the client', 'mutual', 'tls://127.0.0.1:<port>', () => ({ ...known(), ...own })],
      ['a token without TLS', 'plain', 'nats://s3cr3t@127.0.0.1:<port>', none],
    ])('is reached by %s', async (_what, server, place, tls) => {
      await tryTo(server, place, tls());
    });

    it.each<[string, string, string, () => NatsOptions['tls'], RegExp]>([
      [
        'of an unknown authority',
        'tls',
        `tls://ann:${ENCODED}@127.0.0.1:<port>`,
        none,
        /unable to verify the first certificate/,
      ],
      [
        'whose certificate is for another host',
        'tls',
        `tls://ann:${ENCODED}@localhost:<port>`,
        known,
        /Host: localhost/,
      ],
      ['whose certificate is for another address', 'other', 'tls://127.0.0.1:<port>', known, /IP: 127.0.0.1 is not in/],
      ['with another password', 'tls', 'tls://ann:wrong-secret@127.0.0.1:<port>', known, /Authorization Violation/],
      ['without a password', 'tls', 'tls://127.0.0.1:<port>', known, /Authorization Violation/],
      ['without a certificate of the client', 'mutual', 'tls://127.0.0.1:<port>', known, /ECONNRESET|alert/],
      ['with another token', 'plain', 'nats://wrong-secret@127.0.0.1:<port>', none, /Authorization Violation/],
      [
        'with tls://, when the server has none',
        'plain',
        'tls://s3cr3t@127.0.0.1:<port>',
        known,
        /does not support 'tls'/,
      ],
    ])('is not reached: one %s; and the error has no secret', async (_what, server, place, tls, why) => {
      const error = await tryTo(server, place, tls()).then(
        () => undefined,
        (thrown: unknown) => thrown as Error,
      );
      expect(error?.message).toMatch(why);
      expect(`${error!.message} ${String(error!.cause)}`).not.toMatch(/wrong-secret|s3cr3t|p@ss/);
    });
  },
);
