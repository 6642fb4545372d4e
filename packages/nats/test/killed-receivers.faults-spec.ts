import { join } from 'node:path';
import { bootKernel } from '../../core/test/counters/counter-node.js';
import { AppProcess, killLeftovers } from '../../core/test/support/app-process.js';
import { createKernelDatabase } from '../../core/test/counters/kernel-database.js';
import { DATABASE_KINDS, type DatabaseKind, type TestDatabase } from '../../core/test/support/databases.js';
import { eventually } from '../../core/test/support/eventually.js';
import { kernelProgram } from '../../core/test/support/kernel-programs.js';
import { describeIf } from '../../core/test/support/skipping.js';
import { runSql } from '../../core/test/support/stored-rows.js';
import { createScratchFolder } from '../../core/test/support/test-run.mjs';
import { NatsCluster } from './support/nats-cluster.js';
import { NATS_SERVER, NO_NATS_SERVER } from './support/nats-server.js';
import type { PaymentWork } from './support/payment-program.js';
import { consumerOf, makeStream, publish } from './support/publish.js';
import { paymentsFrom, recordedPayments } from './support/recorded-payments.js';

const MESSAGES = 60;
const IDS = Array.from({ length: MESSAGES }, (_, index) => `p-${index}`);
const [EARLY, LATE] = [IDS.slice(0, MESSAGES / 2), IDS.slice(MESSAGES / 2)];

describeIf(NATS_SERVER, NO_NATS_SERVER)('messages of a cluster of three brokers', () => {
  let script: string;
  let cluster: NatsCluster;

  beforeAll(async () => {
    script = await kernelProgram('payments');
    cluster = await NatsCluster.start(join(await createScratchFolder('nats'), 'cluster'));
  });

  afterEach(() => killLeftovers());
  afterAll(() => cluster?.stop());

  it('take effect once on both databases, when their receivers and a broker are killed', async () => {
    const databases = await Promise.all(DATABASE_KINDS.map((kind) => createKernelDatabase(kind)));
    try {
      await Promise.all(
        databases.map(async (database) => {
          await (await bootKernel(database, {}, recordedPayments('unused'))).close();
          await eventually(() => makeStream(cluster.urls, streamOf(database), subjectOf(database), 3), 30_000);
          // Each twice, in places of their own.
          await send(database, [...EARLY, ...EARLY]);
          const dying: readonly PaymentWork['dies'][] = ['before the command', 'after the commit'];
          await Promise.all(dying.map((dies, index) => expectKilled(database, { dies, at: 3 + 2 * index })));
          expect((await recorded(database)).length).toBeGreaterThan(0);
        }),
      );

      const nodes = await Promise.all(databases.map(receiveHere));
      const sending = databases.map((database) => send(database, LATE));
      await cluster.killLeaderOf(streamOf(databases[0]!));
      await Promise.all(sending);
      for (const database of databases) await expectAllRecordedOnce(database);
      for (const node of nodes) await node.close();
    } finally {
      await killLeftovers();
      for (const database of databases) await database.drop();
    }
  }, 180_000);

  const streamOf = ({ kind }: { kind: DatabaseKind }): string => `PAYMENTS_${kind}`;
  const subjectOf = ({ kind }: { kind: DatabaseKind }): string => `payments.${kind}`;

  async function expectKilled(database: TestDatabase, more: Partial<PaymentWork>): Promise<void> {
    const work: PaymentWork = { servers: cluster.urls, subject: subjectOf(database), ...more };
    const args = [database.url, database.viewsUrl, JSON.stringify(work)];
    const receiver = await AppProcess.spawn({ script, args });
    expect(await receiver.exited).toMatchObject({ signal: 'SIGKILL' });
  }

  function receiveHere(database: TestDatabase) {
    return bootKernel(database, { leaseTtl: 300 }, paymentsFrom(cluster.urls, database.kind, subjectOf(database)));
  }

  /** Publishes a payment for each id. After a lost reply it is published again. */
  async function send(database: TestDatabase, ids: readonly string[]): Promise<void> {
    for (const paymentId of ids) {
      const event = { specversion: '1.0', id: paymentId, source: '/bank', type: 'bank.paid', data: { paymentId } };
      await eventually(() => publish(cluster.urls, subjectOf(database), event), 30_000);
    }
  }

  async function expectAllRecordedOnce(database: TestDatabase): Promise<void> {
    await eventually(async () => expect(new Set(await recorded(database))).toEqual(new Set(IDS)), 60_000);
    await eventually(async () => {
      const state = await consumerOf(cluster.urls, streamOf(database), `of_${database.kind}_payments_record`);
      expect(state).toMatchObject({ num_ack_pending: 0, num_pending: 0 });
    }, 60_000);
    expect(await recorded(database)).toHaveLength(MESSAGES);
    // A copy that took longer than another one of its message may still be about to remove its row.
    await eventually(async () =>
      expect(await runSql(database.url, 'select * from leftfold_inbox_messages')).toEqual([]),
    );
  }

  async function recorded({ url }: TestDatabase): Promise<string[]> {
    const rows = await runSql(url, 'select data from leftfold_events order by position');
    return rows.map(({ data }) => (JSON.parse(data as string) as { paymentId: string }).paymentId);
  }
});
