import { DeadLetters, EventLog, EventSourcingModule, MessageContext, type RecordedEvent } from '@leftfold/core';
import type { INestApplicationContext } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { createKernelDatabase } from '../../../packages/core/test/counters/kernel-database.js';
import { DATABASE_KINDS, type TestDatabase } from '../../support/databases.js';
import { eventually } from '../../../packages/core/test/support/eventually.js';
import { runSql } from '../../../packages/core/test/support/stored-rows.js';
import { COLLECT_PAYMENT, CollectPaymentHandler, PaymentProvider } from './collect-payment.handler.js';
import { type ChargeResult, Invoice } from './invoice.js';
import { IssueInvoiceCommand, IssueInvoiceHandler, RecordChargeHandler } from './invoice.commands.js';

/** A provider that keeps its promise about idempotency keys, and whose network can fail. */
class ToldProvider extends PaymentProvider {
  readonly charges = new Map<string, ChargeResult>();
  calls = 0;
  before: () => void = () => undefined;
  after: () => void = () => undefined;
  answer: () => ChargeResult = () => ({ kind: 'charged', chargeId: uuidv7() });

  async charge(key: string): Promise<ChargeResult> {
    this.calls += 1;
    this.before();
    const result = this.charges.get(key) ?? this.answer();
    this.charges.set(key, result);
    this.after();
    return Promise.resolve(result);
  }
}

/** Throws the first `times` times that it is called. */
function failing(times: number): () => void {
  let left = times;
  return () => {
    if (left-- > 0) throw new Error('The network is down.');
  };
}

describe.each(DATABASE_KINDS)('a call to the outside, and its result, on %s', (kind) => {
  let database: TestDatabase;
  let app: INestApplicationContext;
  let provider: ToldProvider;

  const start = async (): Promise<void> => {
    @Module({
      imports: [
        EventSourcingModule.forRoot({ url: database.url, viewsUrl: database.viewsUrl, leaseTtl: 3_000 }),
        EventSourcingModule.forFeature({ aggregates: [Invoice] }),
      ],
      providers: [
        IssueInvoiceHandler,
        RecordChargeHandler,
        CollectPaymentHandler,
        { provide: PaymentProvider, useValue: provider },
      ],
    })
    class InvoicesModule {}
    app = await NestFactory.createApplicationContext(InvoicesModule, { logger: false, abortOnError: false });
  };
  const issue = async (): Promise<string> => {
    const invoiceId = uuidv7();
    const origin = { actor: 'ann', correlationId: `order of ${invoiceId}` };
    await app
      .get(MessageContext)
      .run(origin, () => app.get(CommandBus).execute(new IssueInvoiceCommand(invoiceId, 500)));
    return invoiceId;
  };
  const eventsOf = async (invoiceId: string): Promise<RecordedEvent[]> => {
    const events: RecordedEvent[] = [];
    for await (const event of app.get(EventLog).readStream(`invoice-${invoiceId}`)) events.push(event);
    return events;
  };
  /** Waits until the invoice has a result. Returns its events. */
  const settled = (invoiceId: string): Promise<RecordedEvent[]> =>
    eventually(async () => {
      const events = await eventsOf(invoiceId);
      expect(events.length).toBeGreaterThan(1);
      return events;
    });

  beforeAll(async () => {
    database = await createKernelDatabase(kind);
  });

  beforeEach(async () => {
    provider = new ToldProvider();
    await start();
  });

  afterEach(() => app.close());

  afterAll(() => database.drop());

  it('becomes an event of the same story', async () => {
    const id = await issue();

    const [issued, paid] = await settled(id);

    expect(paid).toMatchObject({ type: 'invoices.invoice-paid', actor: 'system', correlationId: `order of ${id}` });
    expect(paid!.metadata.causationId).toBe(issued!.eventId);
    expect([...provider.charges.keys()]).toEqual([issued!.eventId]);
  });

  it('is a fact when the outside refuses, and no failure', async () => {
    provider.answer = () => ({ kind: 'refused', reason: 'no funds' });

    const [, refused] = await settled(await issue());

    expect(refused).toMatchObject({ type: 'invoices.charge-refused', data: { reason: 'no funds' } });
    expect(provider.calls).toBe(1);
  });

  it('has its effect once when the reply is lost', async () => {
    provider.after = failing(1);
    const id = await issue();

    const events = await settled(id);

    expect(provider.calls).toBe(2);
    expect(provider.charges.size).toBe(1);
    expect(events).toHaveLength(2);
  });

  it('has its effect once when the process dies before it has noted that it is done', async () => {
    const id = await issue();
    await settled(id);
    await app.close();
    // As if the checkpoint had not been stored: the event is delivered again.
    await rewind();
    await start();
    await eventually(() => expect(provider.calls).toBe(2));

    const next = await issue();
    await settled(next);

    expect(provider.charges.size).toBe(2);
    expect(await eventsOf(id)).toHaveLength(2);
  });

  it('is made when the outside is back: the retry of a dead letter has the same key', async () => {
    provider.before = failing(3);
    const id = await issue();
    const letters = await eventually(async () => {
      const found = await app.get(DeadLetters).list(undefined, 10);
      expect(found).toHaveLength(1);
      return found;
    });
    expect(await eventsOf(id)).toHaveLength(1);

    await app.get(DeadLetters).retry(letters[0]!.id);

    expect(await settled(id)).toHaveLength(2);
    expect(provider.charges.size).toBe(1);
  });

  async function rewind(): Promise<void> {
    const issued = `select max(position) from leftfold_events where type = 'invoices.invoice-issued'`;
    await runSql(
      database.url,
      `update leftfold_subscriptions set position = (${issued}) - 1 where name = '${COLLECT_PAYMENT}'`,
    );
  }
});
