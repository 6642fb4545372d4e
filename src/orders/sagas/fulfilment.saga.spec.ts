import { cancelScheduled, orElse, scheduled } from '@leftfold/core';
import { sagaSpec } from '@leftfold/core/testing';
import {
  DispatchStockCommand,
  ReleaseStockCommand,
  ReserveStockCommand,
  StockReserved,
} from '../../inventory/inventory.contract.js';
import type { Settings } from '../../platform/config/settings.js';
import { ExpireOrderCommand } from '../commands/expire-order/expire-order.command.js';
import { RejectOrderCommand } from '../commands/reject-order/reject-order.command.js';
import { ReserveLineCommand } from '../commands/reserve-line/reserve-line.command.js';
import {
  aCancelledOrder,
  aConfirmedOrder,
  anExpiredOrder,
  aPaidOrder,
  aPlacedOrder,
  aRejectedOrder,
  aReservedLine,
  ORDER_ID,
} from '../testing/order.fixtures.js';
import { FulfilmentSaga } from './fulfilment.saga.js';

const WINDOW = 15 * 60_000;
const saga = sagaSpec(new FulfilmentSaga({ orderPaymentWindow: WINDOW } as Settings));
const releases = [new ReleaseStockCommand('MUG-BLUE', ORDER_ID, 0), new ReleaseStockCommand('TEA', ORDER_ID, 1)];

describe('the fulfilment of an order', () => {
  it('starts with the reservation of each line, or with the rejection', () =>
    saga
      .given(aPlacedOrder())
      .expectCommands([
        orElse(
          new ReserveStockCommand('MUG-BLUE', ORDER_ID, 0, 2),
          new RejectOrderCommand(ORDER_ID, 'There is not enough of MUG-BLUE in stock.'),
        ),
        orElse(
          new ReserveStockCommand('TEA', ORDER_ID, 1, 1),
          new RejectOrderCommand(ORDER_ID, 'There is not enough of TEA in stock.'),
        ),
      ]));

  it('tells the order about each reserved line', () =>
    saga.given(new StockReserved('TEA', ORDER_ID, 1, 1)).expectCommands([new ReserveLineCommand(ORDER_ID, 1)]));

  it('schedules the expiry of an unpaid order', () =>
    saga
      .given(aConfirmedOrder())
      .expectCommands([scheduled(new ExpireOrderCommand(ORDER_ID), { after: WINDOW, key: ORDER_ID })]));

  it('dispatches the stock of a paid order', () =>
    saga
      .given(aPaidOrder())
      .expectCommands([
        cancelScheduled(ORDER_ID),
        new DispatchStockCommand('MUG-BLUE', ORDER_ID, 0),
        new DispatchStockCommand('TEA', ORDER_ID, 1),
      ]));

  it('releases every line of an order that failed', async () => {
    await saga.given(aRejectedOrder()).expectCommands(releases);
    await saga.given(anExpiredOrder()).expectCommands(releases);
    await saga.given(aCancelledOrder()).expectCommands([cancelScheduled(ORDER_ID), ...releases]);
  });

  it('ignores reservations of lines that the order already counted', () => saga.given(aReservedLine()).expectNothing());
});
