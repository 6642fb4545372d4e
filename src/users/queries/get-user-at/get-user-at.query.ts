import { Query } from '@nestjs/cqrs';
import { type Moment, ReadsFrom } from '../../../event-sourcing/index.js';
import type { UserView } from '../../read-models/user-view/user-view.entity.js';

/** A user as it was; answered from the log. */
@ReadsFrom()
export class GetUserAtQuery extends Query<UserView> {
  constructor(
    readonly userId: string,
    readonly moment: Moment,
  ) {
    super();
  }
}
