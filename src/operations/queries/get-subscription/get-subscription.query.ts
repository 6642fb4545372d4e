import { Query } from '@nestjs/cqrs';
import { ReadsFrom, type SubscriptionStatus } from '../../../event-sourcing/index.js';

@ReadsFrom()
export class GetSubscriptionQuery extends Query<SubscriptionStatus> {
  constructor(readonly name: string) {
    super();
  }
}
