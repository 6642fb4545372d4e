import { unreachable } from '@leftfold/core';
import type { Money } from '../../../platform/money/money.js';
import type { OrderPaid } from '../../events/order-paid.event.js';
import type { OrderPlaced } from '../../events/order-placed.event.js';
import { CustomerOrderStatistics, type PaidTotal } from './customer-order-statistics.entity.js';

/** The statistics of a customer without orders. */
export function noOrders(userId: string): CustomerOrderStatistics {
  return Object.assign(new CustomerOrderStatistics(), { userId, orders: 0, paidOrders: 0, paidTotals: [] });
}

export function evolveOrderStatistics(
  before: CustomerOrderStatistics | undefined,
  event: OrderPlaced | OrderPaid,
): CustomerOrderStatistics {
  const statistics = before ?? noOrders(event.customerId);
  switch (event.type) {
    case 'orders.order-placed':
      return Object.assign(statistics, { orders: statistics.orders + 1 });
    case 'orders.order-paid':
      return Object.assign(statistics, {
        paidOrders: statistics.paidOrders + 1,
        paidTotals: added(statistics.paidTotals, event.total),
      });
    default:
      return unreachable(event);
  }
}

function added(totals: readonly PaidTotal[], { amount, currency }: Money): PaidTotal[] {
  const so = BigInt(totals.find((each) => each.currency === currency)?.amount ?? 0);
  const others = totals.filter((each) => each.currency !== currency);
  return [...others, { amount: String(so + BigInt(amount)), currency }].toSorted((one, other) =>
    one.currency < other.currency ? -1 : 1,
  );
}
