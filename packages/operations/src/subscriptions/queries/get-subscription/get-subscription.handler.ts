import { Subscriptions, type SubscriptionStatus } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { GetSubscriptionQuery } from './get-subscription.query.js';

@QueryHandler(GetSubscriptionQuery)
export class GetSubscriptionHandler implements IQueryHandler<GetSubscriptionQuery> {
  constructor(private readonly subscriptions: Subscriptions) {}

  execute({ name }: GetSubscriptionQuery): Promise<SubscriptionStatus> {
    return this.subscriptions.get(name);
  }
}
