import { type GoneSubscription, ReadsFrom } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';

/** A page of gone subscriptions, sorted by name. */
@ReadsFrom()
export class ListGoneSubscriptionsQuery extends Query<GoneSubscription[]> {
  constructor(
    readonly afterName: string | undefined,
    readonly limit: number,
  ) {
    super();
  }
}
