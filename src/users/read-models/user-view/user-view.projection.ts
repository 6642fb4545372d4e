import { type EventContext, InjectReadModel, Projection, type ProjectionHandler, ReadModel } from '@leftfold/core';
import { EventsHandler } from '@nestjs/cqrs';
import { USER_EVENTS, type UserEvent } from '../../events/user.events.js';
import { evolveUserView } from './evolve-user-view.js';
import { UserView } from './user-view.entity.js';

@Projection({ name: 'users.user-view', entities: [UserView], version: 2 })
@EventsHandler(...USER_EVENTS)
export class UserViewProjection implements ProjectionHandler<UserEvent> {
  constructor(@InjectReadModel(UserView) private readonly users: ReadModel<UserView>) {}

  async handle(event: UserEvent, context: EventContext): Promise<void> {
    // A view that is behind reads earlier events when the user is forgotten already. It has no row without a name.
    if (event.type === 'users.user-forgotten' || context.forgotten) return this.users.remove(event.userId);
    const before = await this.users.get(event.userId);
    if (!before && event.type !== 'users.user-registered') return;
    this.users.save(evolveUserView(before, event, context));
  }
}
