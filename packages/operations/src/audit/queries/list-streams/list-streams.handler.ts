import { EventLog, type StreamSummary } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { ListStreamsQuery } from './list-streams.query.js';

@QueryHandler(ListStreamsQuery)
export class ListStreamsHandler implements IQueryHandler<ListStreamsQuery> {
  constructor(private readonly log: EventLog) {}

  execute({ options }: ListStreamsQuery): Promise<StreamSummary[]> {
    return this.log.listStreams(options);
  }
}
