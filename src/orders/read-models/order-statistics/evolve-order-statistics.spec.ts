import { OrderPaid } from '../../events/order-paid.event.js';
import { OrderPlaced } from '../../events/order-placed.event.js';
import { aPaidOrder, aPlacedOrder, CUSTOMER_ID, LINES, NOW, ORDER_ID } from '../../testing/order.fixtures.js';
import type { CustomerOrderStatistics } from './customer-order-statistics.entity.js';
import { evolveOrderStatistics, noOrders } from './evolve-order-statistics.js';

const fold = (...events: (OrderPlaced | OrderPaid)[]): CustomerOrderStatistics => {
  let statistics: CustomerOrderStatistics | undefined;
  for (const event of events) statistics = evolveOrderStatistics(statistics, event);
  return statistics!;
};
const paidIn = (amount: number, currency: string) =>
  new OrderPaid(ORDER_ID, CUSTOMER_ID, 'pay-1', { amount, currency }, []);

describe('the statistics of a customer', () => {
  it('begin with nothing', () =>
    expect(noOrders(CUSTOMER_ID)).toEqual({ userId: CUSTOMER_ID, orders: 0, paidOrders: 0, paidTotals: [] }));

  it('count placed and paid orders', () =>
    expect(fold(aPlacedOrder(), aPlacedOrder(), aPaidOrder())).toEqual({
      userId: CUSTOMER_ID,
      orders: 2,
      paidOrders: 1,
      paidTotals: [{ amount: '2999', currency: 'EUR' }],
    }));

  it('add up payments per currency', () =>
    expect(fold(paidIn(100, 'USD'), paidIn(5, 'EUR'), paidIn(20, 'USD')).paidTotals).toEqual([
      { amount: '5', currency: 'EUR' },
      { amount: '120', currency: 'USD' },
    ]));

  it('are exact beyond the range of a number', () => {
    const most = paidIn(Number.MAX_SAFE_INTEGER, 'EUR');
    expect(fold(most, most, paidIn(1, 'EUR')).paidTotals).toEqual([{ amount: '18014398509481983', currency: 'EUR' }]);
  });

  it('count the first order of a new customer', () =>
    expect(
      fold(new OrderPlaced(ORDER_ID, 'somebody', LINES, { amount: 1, currency: 'EUR' }, NOW.toISOString())),
    ).toMatchObject({
      userId: 'somebody',
      orders: 1,
    }));
});
