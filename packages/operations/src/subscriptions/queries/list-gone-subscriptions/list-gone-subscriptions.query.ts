import { type GoneSubscription, ReadsFrom } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';

/** A page of subscriptions that are gone, in order of their names. */
@ReadsFrom()
export class ListGoneSubscriptionsQuery extends Query<GoneSubscription[]> {
  constructor(
    readonly afterName: string | undefined,
    readonly limit: number,
  ) {
    super();
  }
}
