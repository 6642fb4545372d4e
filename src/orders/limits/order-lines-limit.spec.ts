import type { EventLog, MessageContext } from '@leftfold/core';
import type { Settings } from '../../platform/config/settings.js';
import { PlaceOrderCommand } from '../commands/place-order/place-order.command.js';
import { TooManyOrderLinesError } from '../domain/order.errors.js';
import { OrderLinesLimit } from './order-lines-limit.js';

it('an order counts once when its handler runs again', async () => {
  const settings = { rateLimits: true, orderLinesPerMinute: 2 } as Settings;
  const limit = new OrderLinesLimit(settings, {} as EventLog, { origin: {} } as MessageContext);
  const order = (): PlaceOrderCommand => new PlaceOrderCommand('o', 'ann', [{ sku: 'tea', quantity: 1 }], new Date());
  const [first, second] = [order(), order()];

  for (const run of [first, first, second, second]) await limit.admit(run);

  await expect(limit.admit(order())).rejects.toBeInstanceOf(TooManyOrderLinesError);
});
