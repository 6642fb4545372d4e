import { InjectReadModelRepository, normaliseTagValue } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { MoreThan, Repository } from 'typeorm';
import { emailKey } from '../../domain/email-key.js';
import { UserView } from '../../read-models/user-view/user-view.entity.js';
import { ListUsersQuery } from './list-users.query.js';

@QueryHandler(ListUsersQuery)
export class ListUsersHandler implements IQueryHandler<ListUsersQuery> {
  constructor(@InjectReadModelRepository(UserView) private readonly users: Repository<UserView>) {}

  execute({ filter: { email, username }, afterUserId, limit }: ListUsersQuery): Promise<UserView[]> {
    return this.users.find({
      where: {
        ...(email === undefined ? {} : { emailKey: emailKey(email) }),
        ...(username === undefined ? {} : { usernameKey: normaliseTagValue(username) }),
        ...(afterUserId === undefined ? {} : { userId: MoreThan(afterUserId) }),
      },
      order: { userId: 'ASC' },
      take: limit,
    });
  }
}
