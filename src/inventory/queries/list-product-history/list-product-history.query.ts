import { Query } from '@nestjs/cqrs';
import { ReadsFrom, type RecordedEvent } from '../../../event-sourcing/index.js';

/** A product's events, oldest first; answered from the log. */
@ReadsFrom()
export class ListProductHistoryQuery extends Query<RecordedEvent[]> {
  constructor(
    readonly sku: string,
    readonly afterVersion: number,
    readonly limit: number,
  ) {
    super();
  }
}
