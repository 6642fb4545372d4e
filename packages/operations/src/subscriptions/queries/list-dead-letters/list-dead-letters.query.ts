import { type DeadLetter, ReadsFrom } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';

/** A page of dead letters in the order in which they were created. */
@ReadsFrom()
export class ListDeadLettersQuery extends Query<DeadLetter[]> {
  constructor(
    readonly afterId: string | undefined,
    readonly limit: number,
  ) {
    super();
  }
}
