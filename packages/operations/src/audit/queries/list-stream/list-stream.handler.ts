import { EventLog, isStreamName, type RecordedEvent } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { StreamNotFoundError } from '../../stream-not-found.error.js';
import { ListStreamQuery } from './list-stream.query.js';

@QueryHandler(ListStreamQuery)
export class ListStreamHandler implements IQueryHandler<ListStreamQuery> {
  constructor(private readonly log: EventLog) {}

  /** @throws StreamNotFoundError */
  async execute({ stream: asked, afterVersion, limit }: ListStreamQuery): Promise<RecordedEvent[]> {
    if (!isStreamName(asked)) throw StreamNotFoundError.named(asked);
    const stream = await this.existing(asked);
    const events: RecordedEvent[] = [];
    const fromVersion = Math.min(afterVersion + 1, Number.MAX_SAFE_INTEGER);
    for await (const event of this.log.readStream(stream, { fromVersion, limit })) events.push(event);
    if (events.length === 0 && !(await this.log.findStream(stream))) throw StreamNotFoundError.named(asked);
    return events;
  }

  /** The log keeps names as they are; aggregates have theirs in Unicode normal form C. */
  private async existing(asked: string): Promise<string> {
    const normal = asked.normalize('NFC');
    return normal === asked || (await this.log.findStream(asked)) ? asked : normal;
  }
}
