import { ReadsFrom } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';
import { OrderView } from '../../read-models/order-view/order-view.entity.js';

@ReadsFrom(OrderView)
export class GetOrderQuery extends Query<OrderView> {
  constructor(readonly orderId: string) {
    super();
  }
}
