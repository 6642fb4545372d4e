import { ReadsFrom, type RecurringJobStatus } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';

/** A page of recurring jobs, by name. */
@ReadsFrom()
export class ListRecurringJobsQuery extends Query<RecurringJobStatus[]> {
  constructor(
    readonly afterName: string | undefined,
    readonly limit: number,
  ) {
    super();
  }
}
