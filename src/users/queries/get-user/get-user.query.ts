import { ReadsFrom } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';
import { UserView } from '../../read-models/user-view/user-view.entity.js';

@ReadsFrom(UserView)
export class GetUserQuery extends Query<UserView> {
  constructor(readonly userId: string) {
    super();
  }
}
