import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { type DeadLetter, DeadLetters } from '../../../event-sourcing/index.js';
import { ListDeadLettersQuery } from './list-dead-letters.query.js';

@QueryHandler(ListDeadLettersQuery)
export class ListDeadLettersHandler implements IQueryHandler<ListDeadLettersQuery> {
  constructor(private readonly deadLetters: DeadLetters) {}

  execute({ afterId, limit }: ListDeadLettersQuery): Promise<DeadLetter[]> {
    return this.deadLetters.list(afterId, limit);
  }
}
