import { AggregateRepository, InjectReadModelRepository } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Repository } from 'typeorm';
import { User } from '../../domain/user.aggregate.js';
import { UserNotFoundError } from '../../domain/user.errors.js';
import { UserView } from '../../read-models/user-view/user-view.entity.js';
import { GetUserQuery } from './get-user.query.js';

@QueryHandler(GetUserQuery)
export class GetUserHandler implements IQueryHandler<GetUserQuery> {
  constructor(
    @InjectReadModelRepository(UserView) private readonly users: Repository<UserView>,
    private readonly aggregates: AggregateRepository,
  ) {}

  async execute({ userId }: GetUserQuery): Promise<UserView> {
    const user = await this.users.findOneBy({ userId });
    if (user) return user;
    // Only the log knows a user who is forgotten.
    (await this.aggregates.load(User, userId)).refuseForgotten();
    throw UserNotFoundError.withId(userId);
  }
}
