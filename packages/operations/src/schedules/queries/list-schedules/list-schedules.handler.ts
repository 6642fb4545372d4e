import { type ScheduledEntry, Schedules } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { ListSchedulesQuery } from './list-schedules.query.js';

@QueryHandler(ListSchedulesQuery)
export class ListSchedulesHandler implements IQueryHandler<ListSchedulesQuery> {
  constructor(private readonly schedules: Schedules) {}

  execute({ after, limit }: ListSchedulesQuery): Promise<ScheduledEntry[]> {
    return this.schedules.list(after, limit);
  }
}
