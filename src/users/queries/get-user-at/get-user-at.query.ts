import { type Moment, ReadsFrom } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';
import type { UserView } from '../../read-models/user-view/user-view.entity.js';

/** A user at an earlier version or time, from the log. */
@ReadsFrom()
export class GetUserAtQuery extends Query<UserView> {
  constructor(
    readonly userId: string,
    readonly moment: Moment,
  ) {
    super();
  }
}
