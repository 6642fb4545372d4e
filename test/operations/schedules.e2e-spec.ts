import type { ScheduleAnswer } from '../../packages/operations/src/schedules/schedule.answer.js';
import type { SubscriptionAnswer } from '../../packages/operations/src/subscriptions/subscription.answer.js';
import { scrapeFrom } from '../support/exposition.js';
import { json, run } from '../cli/leftfold.js';
import { addProduct, confirmed, untilOrder, untilProduct } from '../orders/shop.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { expectProblem } from '../support/expectations.js';
import { inPages } from '../support/in-pages.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import { useApp } from '../support/use-app.js';
import { NOBODY, statusOf, until } from './operating.js';

const SAGA = 'orders.fulfilment';

describe('schedules', () => {
  const here = useApp('sqlite', { LEASE_TTL: '2s' });
  let sku: string;

  beforeAll(async () => {
    sku = await addProduct(here.app, 100);
  });

  const scheduled = async (count: number): Promise<ScheduleAnswer[]> =>
    eventually(async () => {
      const { items } = (await here.operator.get('/schedules')).body as { items: ScheduleAnswer[] };
      expect(items).toHaveLength(count);
      return items;
    });
  const anOrder = () => confirmed(here.ann, { sku, quantity: 1 });

  it('are listed by due time, and cancelled with a reason, which keeps them from being executed', async () => {
    const orders = [await anOrder(), await anOrder(), await anOrder()];
    const items = await scheduled(3);

    expect(items.map(({ stream }) => stream)).toEqual(orders.map((each) => `order-${each}`));
    expect(items[0]).toEqual({
      id: expect.any(String),
      saga: SAGA,
      key: orders[0],
      command: 'orders.expire-order',
      dueAt: expect.stringMatching(/^\d{4}-.*Z$/),
      stream: `order-${orders[0]}`,
      correlationId: expect.any(String),
    });
    expect(await inPages<ScheduleAnswer>(here.operator, '/schedules', 2)).toEqual(items);
    // A schedule may be there before its saga's earlier commands are known to be done.
    await until(here.operator, SAGA, { pendingCommands: 0, scheduledCommands: 3, lag: 0 });

    const [first, second] = items;
    const path = `/schedules/${first!.id}`;
    expectProblem(await here.operator.send('delete', path, {}), 400, 'validation-failed', {
      instance: path,
      fields: ['reason'],
    });
    const cancelled = await here.operator.send('delete', path, { reason: 'paid by phone' });
    expect({ status: cancelled.status, body: cancelled.body }).toEqual({ status: 200, body: { id: first!.id } });
    const again = await here.operator.send('delete', path, { reason: 'again' });
    expectProblem(again, 404, 'schedule-not-found', { instance: path });

    expect(await json(here.app.database, 'schedules list')).toEqual({ items: items.slice(1) });
    const ended = await run(here.app.database, `schedules cancel ${second!.id} --reason phone`);
    expect(ended.stdout).toBe(`Cancelled orders.expire-order of ${SAGA} (key ${second!.key}): phone.\n`);
    const [third] = await scheduled(1);
    expect(third!.key).toBe(orders[2]);
    await runSql(here.app.database.url, `update leftfold_saga_commands set due_at = 0`);
    await untilOrder(here.ann, orders[2]!, { status: 'expired' });
    await untilProduct(here.app, sku, { available: 98, reserved: 2 });
    expectProblem(
      await here.operator.send('delete', `/schedules/${NOBODY}`, { reason: 'no' }),
      404,
      'schedule-not-found',
      {
        instance: `/schedules/${NOBODY}`,
      },
    );
  });

  it('do not count as lag, and pending commands do, in the status and in metrics', async () => {
    const { userId } = here.ann;
    const before = await until(here.operator, SAGA, { pendingCommands: 0, lag: 0 });
    await runSql(
      here.app.database.url,
      `insert into leftfold_saga_commands (id, saga, stream, line, position, place, name, version, data, correlation_id, causation_id, state)
       select '${userId}', '${SAGA}', stream, stream, position, 9, 'orders.expire-order', 1, '{}', correlation_id, event_id, 'waiting'
         from leftfold_events where stream = 'user-${userId}' and version = 1`,
    );

    const status: SubscriptionAnswer = await statusOf(here.operator, SAGA);
    expect(status).toMatchObject({ pendingCommands: before.pendingCommands + 1, lag: before.lag + 1, state: 'live' });
    const metrics = await scrapeFrom(here.app.anyone);
    expect(metrics.value('leftfold_outbox_commands', { subscription: SAGA, state: 'pending' })).toBe(
      status.pendingCommands,
    );
  });
});
