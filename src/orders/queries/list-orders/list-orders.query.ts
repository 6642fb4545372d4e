import { ReadsFrom } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';
import type { OrderStatus } from '../../domain/order-status.js';
import { OrderView } from '../../read-models/order-view/order-view.entity.js';

export interface OrderFilter {
  /** The customer whose orders are listed; all orders when left out. */
  readonly customerId?: string;
  readonly status?: OrderStatus;
}

/** A page of orders, sorted by id, which is the order of their placing. */
@ReadsFrom(OrderView)
export class ListOrdersQuery extends Query<OrderView[]> {
  constructor(
    readonly filter: OrderFilter,
    readonly afterOrderId: string | undefined,
    readonly limit: number,
  ) {
    super();
  }
}
