import { ReadsFrom, type RecurringJobStatus } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';

@ReadsFrom()
export class GetRecurringJobQuery extends Query<RecurringJobStatus> {
  constructor(readonly name: string) {
    super();
  }
}
