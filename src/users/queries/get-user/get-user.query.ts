import { Query } from '@nestjs/cqrs';
import { ReadsFrom } from '../../../event-sourcing/index.js';
import { UserView } from '../../read-models/user-view/user-view.entity.js';

@ReadsFrom(UserView)
export class GetUserQuery extends Query<UserView> {
  constructor(readonly userId: string) {
    super();
  }
}
