import { RecurringJobs, type RecurringJobStatus } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { GetRecurringJobQuery } from './get-recurring-job.query.js';

@QueryHandler(GetRecurringJobQuery)
export class GetRecurringJobHandler implements IQueryHandler<GetRecurringJobQuery> {
  constructor(private readonly jobs: RecurringJobs) {}

  execute({ name }: GetRecurringJobQuery): Promise<RecurringJobStatus> {
    return this.jobs.get(name);
  }
}
