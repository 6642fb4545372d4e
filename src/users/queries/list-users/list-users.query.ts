import { ReadsFrom } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';
import { UserView } from '../../read-models/user-view/user-view.entity.js';

export interface UserFilter {
  readonly email?: string;
  readonly username?: string;
}

/** A page of users, sorted by id, which is the order of their registration. */
@ReadsFrom(UserView)
export class ListUsersQuery extends Query<UserView[]> {
  constructor(
    readonly filter: UserFilter,
    readonly afterUserId: string | undefined,
    readonly limit: number,
  ) {
    super();
  }
}
