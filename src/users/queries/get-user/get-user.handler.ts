import { InjectReadModelRepository } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Repository } from 'typeorm';
import { UserNotFoundError } from '../../domain/user.errors.js';
import { UserView } from '../../read-models/user-view/user-view.entity.js';
import { GetUserQuery } from './get-user.query.js';

@QueryHandler(GetUserQuery)
export class GetUserHandler implements IQueryHandler<GetUserQuery> {
  constructor(@InjectReadModelRepository(UserView) private readonly users: Repository<UserView>) {}

  async execute({ userId }: GetUserQuery): Promise<UserView> {
    const user = await this.users.findOneBy({ userId });
    if (!user) throw UserNotFoundError.withId(userId);
    return user;
  }
}
