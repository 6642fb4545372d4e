import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { describeIf } from '../../packages/core/test/support/skipping.js';
import { NATS_SERVER, NatsServer, NO_NATS_SERVER } from '../../packages/nats/test/support/nats-server.js';
import { received } from '../../packages/nats/test/support/received.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { TestApp } from '../support/test-app.js';
import { expectRefused, run } from './leftfold.js';

// How events are published is proved in packages/nats/test/publishing.int-spec.ts.
describeIf(NATS_SERVER, NO_NATS_SERVER)('an application with NATS_URL', () => {
  let database: TestDatabase;
  let server: NatsServer;

  beforeAll(async () => {
    database = await createTestDatabase('sqlite');
    const folder = join(database.folder, 'nats');
    await mkdir(folder);
    server = await NatsServer.start(folder);
  });

  afterAll(async () => {
    await server.kill();
    await database.drop();
  });

  it('publishes the events of its categories, and publishes them again on request', async () => {
    const env = { NATS_URL: server.url, NATS_CATEGORIES: 'user' };
    const app = await TestApp.start(database, env);
    await app.register();
    const { position } = await eventually(async () => {
      const { stdout } = await run(database, 'subscriptions show nats.publish --json', env);
      const status = JSON.parse(stdout) as { position: number; lag: number };
      expect(status.lag).toBe(0);
      return status;
    });

    const messages = await received(server.url);
    expect(messages.map(({ event }) => event.type)).toContain('users.user-registered');
    expect(messages.map(({ subject }) => subject)).toEqual(
      messages.map(() => expect.stringMatching(/^leftfold\.user\./)),
    );

    const again = await run(database, 'relay republish --from 1', env);
    expect({ ...again, stderr: '' }).toEqual({
      code: 0,
      stdout: `Published ${messages.length} events again, from position 1 to ${position}.\n`,
      stderr: '',
    });
    await app.close();

    const [beyond, without] = [
      await run(database, `relay republish --from ${position + 1}`, env),
      await run(database, 'relay republish --from 1'),
    ];
    expect(beyond.stdout).toBe(`Nothing to do: the subscription has published up to position ${position} only.\n`);
    expectRefused(without, 'This application publishes to no broker. Set NATS_URL.');
    await server.kill();
    expectRefused(
      await run(database, 'relay republish --from 1', env),
      /^NATS takes no events at the moment: .* Start again with --from 1\.$/,
    );
  });
});
