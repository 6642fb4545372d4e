import { ReadsFrom, type SubscriptionStatus } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';

/** A page of subscriptions, sorted by name. It does not wait for read models, so that a stopped one is visible. */
@ReadsFrom()
export class ListSubscriptionsQuery extends Query<SubscriptionStatus[]> {
  constructor(
    readonly afterName: string | undefined,
    readonly limit: number,
  ) {
    super();
  }
}
