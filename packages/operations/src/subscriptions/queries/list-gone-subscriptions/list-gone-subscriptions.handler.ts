import { type GoneSubscription, Subscriptions } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { ListGoneSubscriptionsQuery } from './list-gone-subscriptions.query.js';

@QueryHandler(ListGoneSubscriptionsQuery)
export class ListGoneSubscriptionsHandler implements IQueryHandler<ListGoneSubscriptionsQuery> {
  constructor(private readonly subscriptions: Subscriptions) {}

  async execute({ afterName, limit }: ListGoneSubscriptionsQuery): Promise<GoneSubscription[]> {
    const all = await this.subscriptions.listGone();
    return all
      .filter(({ name }) => afterName === undefined || name > afterName)
      .toSorted((one, other) => (one.name < other.name ? -1 : 1))
      .slice(0, limit);
  }
}
