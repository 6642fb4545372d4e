import { type ListStreamsOptions, ReadsFrom, type StreamSummary } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';

/** A page of streams, sorted by name. */
@ReadsFrom()
export class ListStreamsQuery extends Query<StreamSummary[]> {
  constructor(readonly options: ListStreamsOptions) {
    super();
  }
}
