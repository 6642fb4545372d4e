import { ReadsFrom, type ScheduledEntry, type SchedulePlace } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';

/** A page of schedules in the order in which they are due. */
@ReadsFrom()
export class ListSchedulesQuery extends Query<ScheduledEntry[]> {
  constructor(
    readonly after: SchedulePlace | undefined,
    readonly limit: number,
  ) {
    super();
  }
}
