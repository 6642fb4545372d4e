import { Query } from '@nestjs/cqrs';
import { type GoneSubscription, ReadsFrom } from '../../../event-sourcing/index.js';

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
