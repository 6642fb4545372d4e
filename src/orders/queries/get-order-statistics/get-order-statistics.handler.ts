import { InjectReadModelRepository } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Repository } from 'typeorm';
import { CustomerOrderStatistics } from '../../read-models/order-statistics/customer-order-statistics.entity.js';
import { noOrders } from '../../read-models/order-statistics/evolve-order-statistics.js';
import { GetOrderStatisticsQuery } from './get-order-statistics.query.js';

@QueryHandler(GetOrderStatisticsQuery)
export class GetOrderStatisticsHandler implements IQueryHandler<GetOrderStatisticsQuery> {
  constructor(
    @InjectReadModelRepository(CustomerOrderStatistics)
    private readonly statistics: Repository<CustomerOrderStatistics>,
  ) {}

  async execute({ userId }: GetOrderStatisticsQuery): Promise<CustomerOrderStatistics> {
    return (await this.statistics.findOneBy({ userId })) ?? noOrders(userId);
  }
}
