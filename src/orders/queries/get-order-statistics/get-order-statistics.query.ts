import { ReadsFrom } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';
import { CustomerOrderStatistics } from '../../read-models/order-statistics/customer-order-statistics.entity.js';

@ReadsFrom(CustomerOrderStatistics)
export class GetOrderStatisticsQuery extends Query<CustomerOrderStatistics> {
  constructor(readonly userId: string) {
    super();
  }
}
