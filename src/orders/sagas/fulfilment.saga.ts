import { cancelScheduled, orElse, SagaName, scheduled } from '@leftfold/core';
import { Injectable } from '@nestjs/common';
import { type ICommand, type IEvent, ofType, Saga } from '@nestjs/cqrs';
import { map, mergeMap, type Observable } from 'rxjs';
import {
  DispatchStockCommand,
  ReleaseStockCommand,
  ReserveStockCommand,
  StockReserved,
} from '../../inventory/inventory.contract.js';
import { Settings } from '../../platform/config/settings.js';
import { ExpireOrderCommand } from '../commands/expire-order/expire-order.command.js';
import { RejectOrderCommand } from '../commands/reject-order/reject-order.command.js';
import { ReserveLineCommand } from '../commands/reserve-line/reserve-line.command.js';
import { OrderCancelled } from '../events/order-cancelled.event.js';
import { OrderConfirmed } from '../events/order-confirmed.event.js';
import { OrderExpired } from '../events/order-expired.event.js';
import { OrderPaid } from '../events/order-paid.event.js';
import { OrderPlaced } from '../events/order-placed.event.js';
import { OrderRejected } from '../events/order-rejected.event.js';

/** Leads an order from its placing to its stock and back. */
@Injectable()
@SagaName('orders.fulfilment')
export class FulfilmentSaga {
  constructor(private readonly settings: Settings) {}

  /** Reserves line by line. When one line is short the order is rejected, and everything reserved before or after is released. */
  @Saga()
  reserveStockWhenPlaced = (events$: Observable<IEvent>): Observable<ICommand> =>
    events$.pipe(
      ofType(OrderPlaced),
      mergeMap(({ orderId, lines }) =>
        lines.map(({ sku, quantity }, line) =>
          orElse(
            new ReserveStockCommand(sku, orderId, line, quantity),
            new RejectOrderCommand(orderId, `There is not enough of ${sku} in stock.`),
          ),
        ),
      ),
    );

  @Saga()
  tellTheOrderWhenReserved = (events$: Observable<IEvent>): Observable<ICommand> =>
    events$.pipe(
      ofType(StockReserved),
      map(({ orderId, line }) => new ReserveLineCommand(orderId, line)),
    );

  @Saga()
  expireWhenNotPaid = (events$: Observable<IEvent>): Observable<ICommand> =>
    events$.pipe(
      ofType(OrderConfirmed),
      map(({ orderId }) =>
        scheduled(new ExpireOrderCommand(orderId), { after: this.settings.orderPaymentWindow, key: orderId }),
      ),
    );

  @Saga()
  forgetTheExpiryWhenOver = (events$: Observable<IEvent>): Observable<ICommand> =>
    events$.pipe(
      ofType(OrderPaid, OrderCancelled),
      map(({ orderId }) => cancelScheduled(orderId)),
    );

  @Saga()
  dispatchStockWhenPaid = (events$: Observable<IEvent>): Observable<ICommand> =>
    events$.pipe(
      ofType(OrderPaid),
      mergeMap(({ orderId, lines }) => lines.map(({ sku, line }) => new DispatchStockCommand(sku, orderId, line))),
    );

  @Saga()
  releaseStockWhenClosed = (events$: Observable<IEvent>): Observable<ICommand> =>
    events$.pipe(
      ofType(OrderRejected, OrderCancelled, OrderExpired),
      mergeMap(({ orderId, lines }) => lines.map(({ sku, line }) => new ReleaseStockCommand(sku, orderId, line))),
    );
}
