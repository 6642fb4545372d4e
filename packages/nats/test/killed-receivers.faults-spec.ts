import { join } from 'node:path';
import { bootKernel } from '../../core/test/counters/counter-node.js';
import { AppProcess, killLeftovers } from '../../core/test/support/app-process.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../../core/test/support/databases.js';
import { eventually } from '../../core/test/support/eventually.js';
import { kernelProgram } from '../../core/test/support/kernel-programs.js';
import { describeIf } from '../../core/test/support/skipping.js';
import { runSql } from '../../core/test/support/stored-rows.js';
import { createScratchFolder } from '../../core/test/support/test-run.mjs';
import { NatsCluster } from './support/nats-cluster.js';
import { NATS_SERVER, NO_NATS_SERVER } from './support/nats-server.js';
import type { PaymentWork } from './support/payment-program.js';
import { consumerOf, makeStream, publish } from './support/publish.js';
import { recordedPayments } from './support/recorded-payments.js';

const MESSAGES = 60;

describeIf(NATS_SERVER, NO_NATS_SERVER)('messages of a cluster of three brokers', () => {
  let script: string;
  let cluster: NatsCluster;

  beforeAll(async () => {
    script = await kernelProgram('payments');
    cluster = await NatsCluster.start(join(await createScratchFolder('nats'), 'cluster'));
  });

  afterEach(() => killLeftovers());
  afterAll(() => cluster?.stop());

  it.each(DATABASE_KINDS)(
    'take effect once, when their receivers and a broker are killed, on %s',
    async (kind) => {
      const database = await createTestDatabase(kind);
      try {
        await (await bootKernel(database, {}, recordedPayments('unused'))).close();
        const [stream, subject] = [`PAYMENTS_${kind}`, `payments.${kind}`];
        await eventually(() => makeStream(cluster.urls, stream, subject, 3), 30_000);
        const ids = Array.from({ length: MESSAGES }, (_, index) => `p-${index}`);
        const start = (more: Partial<PaymentWork> = {}) => receive(database, { subject, ...more });

        // Each twice, in places of their own.
        await send(subject, [...ids.slice(0, MESSAGES / 2), ...ids.slice(0, MESSAGES / 2)]);
        for (const process of await Promise.all([
          start({ dies: 'before the command', at: 3 }),
          start({ dies: 'after the commit', at: 5 }),
        ])) {
          expect(await process.exited).toMatchObject({ signal: 'SIGKILL' });
        }
        expect((await recorded(database)).length).toBeGreaterThan(0);

        await Promise.all([start(), start()]);
        const sending = send(subject, ids.slice(MESSAGES / 2));
        const killed = await cluster.killLeaderOf(stream);
        await sending;
        await eventually(async () => expect(new Set(await recorded(database))).toEqual(new Set(ids)), 60_000);
        await eventually(async () => {
          const state = await consumerOf(cluster.urls, stream, `of_${kind}_payments_record`);
          expect(state).toMatchObject({ num_ack_pending: 0, num_pending: 0 });
        }, 60_000);
        await cluster.restart(killed);

        expect(await recorded(database)).toHaveLength(MESSAGES);
        expect(await runSql(database.url, 'select * from leftfold_inbox_messages')).toEqual([]);
      } finally {
        await killLeftovers();
        await database.drop();
      }
    },
    180_000,
  );

  function receive(database: TestDatabase, work: Omit<PaymentWork, 'servers'>): Promise<AppProcess> {
    const all: PaymentWork = { servers: cluster.urls, ...work };
    return AppProcess.spawn({ script, args: [database.url, database.viewsUrl, JSON.stringify(all)] });
  }

  /** Publishes a payment for each id. After a lost reply it is published again. */
  async function send(subject: string, ids: readonly string[]): Promise<void> {
    for (const paymentId of ids) {
      const event = { specversion: '1.0', id: paymentId, source: '/bank', type: 'bank.paid', data: { paymentId } };
      await eventually(() => publish(cluster.urls, subject, event), 30_000);
    }
  }

  async function recorded({ url }: TestDatabase): Promise<string[]> {
    const rows = await runSql(url, 'select data from leftfold_events order by position');
    return rows.map(({ data }) => (JSON.parse(data as string) as { paymentId: string }).paymentId);
  }
});
