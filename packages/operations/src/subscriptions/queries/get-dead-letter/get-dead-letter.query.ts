import { type DeadLetter, ReadsFrom } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';

@ReadsFrom()
export class GetDeadLetterQuery extends Query<DeadLetter> {
  constructor(readonly id: string) {
    super();
  }
}
