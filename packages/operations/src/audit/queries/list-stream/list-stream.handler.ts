import { EventLog, isStreamName, type RecordedEvent } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { StreamNotFoundError } from '../../stream-not-found.error.js';
import { ListStreamQuery } from './list-stream.query.js';

@QueryHandler(ListStreamQuery)
export class ListStreamHandler implements IQueryHandler<ListStreamQuery> {
  constructor(private readonly log: EventLog) {}

  /** @throws StreamNotFoundError */
  async execute({ stream, afterVersion, limit }: ListStreamQuery): Promise<RecordedEvent[]> {
    if (!isStreamName(stream)) throw StreamNotFoundError.named(stream);
    const events: RecordedEvent[] = [];
    const fromVersion = Math.min(afterVersion + 1, Number.MAX_SAFE_INTEGER);
    for await (const event of this.log.readStream(stream, { fromVersion, limit })) events.push(event);
    if (events.length === 0 && !(await this.log.findStream(stream))) throw StreamNotFoundError.named(stream);
    return events;
  }
}
