import { type RecordedEvent, StreamHistory } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { User } from '../../domain/user.aggregate.js';
import { ListUserHistoryQuery } from './list-user-history.query.js';

@QueryHandler(ListUserHistoryQuery)
export class ListUserHistoryHandler implements IQueryHandler<ListUserHistoryQuery> {
  constructor(private readonly history: StreamHistory) {}

  execute({ userId, afterVersion, limit }: ListUserHistoryQuery): Promise<RecordedEvent[]> {
    return this.history.page(User, userId, { afterVersion, limit });
  }
}
