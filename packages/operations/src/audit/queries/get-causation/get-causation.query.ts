import { type CausationGraph, ReadsFrom } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';

/** What followed from one request. */
@ReadsFrom()
export class GetCausationQuery extends Query<CausationGraph> {
  constructor(readonly correlationId: string) {
    super();
  }
}
