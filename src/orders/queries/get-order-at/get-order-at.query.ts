import { type Moment, ReadsFrom } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';
import type { OrderView } from '../../read-models/order-view/order-view.entity.js';

/** An order at an earlier version or time, from the log. */
@ReadsFrom()
export class GetOrderAtQuery extends Query<OrderView> {
  constructor(
    readonly orderId: string,
    readonly moment: Moment,
  ) {
    super();
  }
}
