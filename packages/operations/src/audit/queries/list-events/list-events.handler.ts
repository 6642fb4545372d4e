import { EventLog, type RecordedEvent } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { ListEventsQuery } from './list-events.query.js';

@QueryHandler(ListEventsQuery)
export class ListEventsHandler implements IQueryHandler<ListEventsQuery> {
  constructor(private readonly log: EventLog) {}

  async execute({ filter, after, limit }: ListEventsQuery): Promise<RecordedEvent[]> {
    const { events } = await this.log.readAll({ ...filter, after, limit });
    return events;
  }
}
