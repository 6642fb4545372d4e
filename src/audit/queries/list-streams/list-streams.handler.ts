import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { EventLog, type StreamSummary } from '../../../event-sourcing/index.js';
import { ListStreamsQuery } from './list-streams.query.js';

@QueryHandler(ListStreamsQuery)
export class ListStreamsHandler implements IQueryHandler<ListStreamsQuery> {
  constructor(private readonly log: EventLog) {}

  execute({ options }: ListStreamsQuery): Promise<StreamSummary[]> {
    return this.log.listStreams(options);
  }
}
