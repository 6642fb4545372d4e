import { AggregateRepository, StreamHistory } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { User } from '../../domain/user.aggregate.js';
import { evolveUserView, USER_PAST } from '../../read-models/user-view/evolve-user-view.js';
import type { UserView } from '../../read-models/user-view/user-view.entity.js';
import { GetUserAtQuery } from './get-user-at.query.js';

@QueryHandler(GetUserAtQuery)
export class GetUserAtHandler implements IQueryHandler<GetUserAtQuery> {
  constructor(
    private readonly history: StreamHistory,
    private readonly aggregates: AggregateRepository,
  ) {}

  async execute({ userId, moment }: GetUserAtQuery): Promise<UserView> {
    (await this.aggregates.load(User, userId)).refuseForgotten();
    return this.history.fold(User, userId, moment, evolveUserView, USER_PAST);
  }
}
