import { Query } from '@nestjs/cqrs';
import { ReadsFrom, type RecordedEvent } from '../../../event-sourcing/index.js';

/** A slice of one stream, oldest first. */
@ReadsFrom()
export class ListStreamQuery extends Query<RecordedEvent[]> {
  constructor(
    readonly stream: string,
    readonly afterVersion: number,
    readonly limit: number,
  ) {
    super();
  }
}
