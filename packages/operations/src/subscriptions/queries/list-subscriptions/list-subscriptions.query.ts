import { ReadsFrom, type SubscriptionStatus } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';

/** A page of subscriptions in order of their names. It waits for no read model: one that stands still must be seen. */
@ReadsFrom()
export class ListSubscriptionsQuery extends Query<SubscriptionStatus[]> {
  constructor(
    readonly afterName: string | undefined,
    readonly limit: number,
  ) {
    super();
  }
}
