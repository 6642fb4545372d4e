import { StreamHistory } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { User } from '../../domain/user.aggregate.js';
import { evolveUserView, USER_PAST } from '../../read-models/user-view/evolve-user-view.js';
import type { UserView } from '../../read-models/user-view/user-view.entity.js';
import { GetUserAtQuery } from './get-user-at.query.js';

@QueryHandler(GetUserAtQuery)
export class GetUserAtHandler implements IQueryHandler<GetUserAtQuery> {
  constructor(private readonly history: StreamHistory) {}

  execute({ userId, moment }: GetUserAtQuery): Promise<UserView> {
    return this.history.fold(User, userId, moment, evolveUserView, USER_PAST);
  }
}
