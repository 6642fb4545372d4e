import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { IntegrationEventHandler } from '@leftfold/nats';
import { Module } from '@nestjs/common';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { describeIf } from '../../packages/core/test/support/skipping.js';
import { NATS_SERVER, NatsServer, NO_NATS_SERVER } from '../../packages/nats/test/support/nats-server.js';
import { received } from '../../packages/nats/test/support/received.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { expectMetrics } from '../support/exposition.js';
import { TestApp } from '../support/test-app.js';
import { expectRefused, run } from './leftfold.js';

/** Its messages never come: the broker has no stream for them. */
@IntegrationEventHandler('billing.invoice.*', { name: 'invoices.note' })
class NoteInvoice {
  toCommand(): undefined {
    return undefined;
  }
}

@Module({ providers: [NoteInvoice] })
class InvoicesModule {}

/** That messages don't arrive, where operators and probes look. What brokers do is proved in packages/nats/test/incoming.int-spec.ts. */
async function expectToTellOfInvoices(app: TestApp): Promise<void> {
  const operator = await app.operator();
  expect((await operator.get('/message-handlers')).body).toEqual({
    items: [
      {
        name: 'invoices.note',
        from: 'billing.invoice.*',
        state: 'stopped',
        problem: 'missing',
        waiting: null,
        unacknowledged: null,
        lastError: 'No stream of JetStream takes the subject billing.invoice.*.',
      },
    ],
    nextCursor: null,
  });
  expect(await app.anyone.get('/health/ready')).toMatchObject({
    status: 200,
    body: {
      status: 'degraded',
      details: { messages: { status: 'degraded', stopped: [{ name: 'invoices.note', reason: 'missing' }] } },
    },
  });
  const metrics = expectMetrics(await app.anyone.get('/metrics'));
  expect(metrics.value('leftfold_message_handler_up', { handler: 'invoices.note' })).toBe(0);
}

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
    const app = await TestApp.start(database, env, { with: [InvoicesModule] });
    // Each answer waits for the broker for two seconds at most.
    await eventually(() => expectToTellOfInvoices(app));
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
