import { type KeptFold, normaliseTagValue, unreachable } from '@leftfold/core';
import { lookOf } from '../../domain/confusables/look.js';
import { emailKey } from '../../domain/email-key.js';
import type { UserEvent } from '../../events/user.events.js';
import { UserView } from './user-view.entity.js';

/** When an event was recorded, and its version in its stream. */
export interface Recorded {
  readonly version: number;
  readonly recordedAt: Date;
}

/** Options of the snapshots for past views of a user. Raise the version when `evolveUserView` changes. */
export const USER_PAST: KeptFold = { name: 'users.user-view', version: 2 };

/** Folds one event into the row. The read model and time travel share this function, so both show a user in the same way. */
export function evolveUserView(before: UserView | undefined, event: UserEvent, recorded: Recorded): UserView {
  const view = Object.assign(new UserView(), before, { version: recorded.version });
  switch (event.type) {
    case 'users.user-registered':
      return Object.assign(view, named(event.username), addressed(event.email), {
        userId: event.userId,
        roles: ['customer'],
        registeredAt: recorded.recordedAt.toISOString(),
        lastLoginTime: null,
      } satisfies Partial<UserView>);
    case 'users.user-logged-in':
      return Object.assign(view, { lastLoginTime: event.loginTime });
    case 'users.email-changed':
      return Object.assign(view, addressed(event.email));
    case 'users.username-changed':
      return Object.assign(view, named(event.username));
    case 'users.profile-reverted':
      return Object.assign(view, named(event.username), addressed(event.email));
    case 'users.role-granted':
      return Object.assign(view, { roles: [...view.roles, event.role] });
    case 'users.role-revoked':
      return Object.assign(view, { roles: view.roles.filter((role) => role !== event.role) });
    case 'users.password-changed':
    case 'users.password-reset-requested':
    case 'users.session-ended':
    case 'users.sessions-ended':
    case 'users.wrong-sign-ins-noticed':
      return view;
    case 'users.user-forgotten':
      return Object.assign(view, named(undefined), addressed(undefined), { roles: [] });
    default:
      return unreachable(event);
  }
}

/** The name of a forgotten user is absent. */
function named(username = ''): Pick<UserView, 'username' | 'usernameKey' | 'usernameLook'> {
  return { username, usernameKey: normaliseTagValue(username), usernameLook: lookOf(username) };
}

function addressed(email = ''): Pick<UserView, 'email' | 'emailKey'> {
  return { email, emailKey: email && emailKey(email) };
}
