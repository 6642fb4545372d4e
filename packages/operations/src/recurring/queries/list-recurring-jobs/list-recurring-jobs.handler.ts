import { RecurringJobs, type RecurringJobStatus } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { ListRecurringJobsQuery } from './list-recurring-jobs.query.js';

@QueryHandler(ListRecurringJobsQuery)
export class ListRecurringJobsHandler implements IQueryHandler<ListRecurringJobsQuery> {
  constructor(private readonly jobs: RecurringJobs) {}

  async execute({ afterName = '', limit }: ListRecurringJobsQuery): Promise<RecurringJobStatus[]> {
    return (await this.jobs.list()).filter(({ name }) => name > afterName).slice(0, limit);
  }
}
