import { type DeadLetter, DeadLetters } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { GetDeadLetterQuery } from './get-dead-letter.query.js';

@QueryHandler(GetDeadLetterQuery)
export class GetDeadLetterHandler implements IQueryHandler<GetDeadLetterQuery> {
  constructor(private readonly deadLetters: DeadLetters) {}

  execute({ id }: GetDeadLetterQuery): Promise<DeadLetter> {
    return this.deadLetters.get(id);
  }
}
