import { type DeadLetter, DeadLetters } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { ListDeadLettersQuery } from './list-dead-letters.query.js';

@QueryHandler(ListDeadLettersQuery)
export class ListDeadLettersHandler implements IQueryHandler<ListDeadLettersQuery> {
  constructor(private readonly deadLetters: DeadLetters) {}

  execute({ afterId, limit }: ListDeadLettersQuery): Promise<DeadLetter[]> {
    return this.deadLetters.list(afterId, limit);
  }
}
