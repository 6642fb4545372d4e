import { Subscriptions, type SubscriptionStatus } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { ListSubscriptionsQuery } from './list-subscriptions.query.js';

@QueryHandler(ListSubscriptionsQuery)
export class ListSubscriptionsHandler implements IQueryHandler<ListSubscriptionsQuery> {
  constructor(private readonly subscriptions: Subscriptions) {}

  async execute({ afterName, limit }: ListSubscriptionsQuery): Promise<SubscriptionStatus[]> {
    const all = await this.subscriptions.list();
    return all
      .filter(({ name }) => afterName === undefined || name > afterName)
      .toSorted((one, other) => (one.name < other.name ? -1 : 1))
      .slice(0, limit);
  }
}
