import { Query } from '@nestjs/cqrs';
import { type ListStreamsOptions, ReadsFrom, type StreamSummary } from '../../../event-sourcing/index.js';

/** A page of the streams, by name. */
@ReadsFrom()
export class ListStreamsQuery extends Query<StreamSummary[]> {
  constructor(readonly options: ListStreamsOptions) {
    super();
  }
}
