import { ReadsFrom, type SubscriptionStatus } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';

@ReadsFrom()
export class GetSubscriptionQuery extends Query<SubscriptionStatus> {
  constructor(readonly name: string) {
    super();
  }
}
