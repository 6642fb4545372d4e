import { type Guard, normaliseTagValue } from '../../event-sourcing/index.js';
import type { UserEvent } from '../events/user.events.js';
import { EmailTakenError, UsernameTakenError } from './user.errors.js';

type Claim = 'email' | 'username';

/** Who has the address or user name after these events; nobody has what was given up. */
export function holderOf(claim: Claim, value: string, events: readonly UserEvent[]): string | undefined {
  const wanted = normaliseTagValue(value);
  let holder: string | undefined;
  for (const event of events) {
    const claimed = claimedBy(event)[claim];
    if (claimed === undefined) continue;
    if (normaliseTagValue(claimed) === wanted) holder = event.userId;
    else if (holder === event.userId) holder = undefined;
  }
  return holder;
}

/** No two users share an e-mail address or user name, in whatever spelling. */
export function namesAreFree(userId: string, names: { email?: string; username?: string }): Guard<UserEvent> {
  const { email, username } = names;
  return {
    query: {
      tags: [
        ...(email === undefined ? [] : [{ name: 'email', value: email }]),
        ...(username === undefined ? [] : [{ name: 'username', value: username }]),
      ],
    },
    check: (events) => {
      if (isOthers(email && holderOf('email', email, events), userId)) throw EmailTakenError.becauseSomebodyHasIt();
      if (isOthers(username && holderOf('username', username, events), userId)) {
        throw UsernameTakenError.becauseSomebodyHasIt();
      }
    },
  };
}

function claimedBy(event: UserEvent): Partial<Record<Claim, string>> {
  switch (event.type) {
    case 'users.user-registered':
    case 'users.profile-reverted':
      return { email: event.email, username: event.username };
    case 'users.email-changed':
      return { email: event.email };
    case 'users.username-changed':
      return { username: event.username };
    default:
      return {};
  }
}

function isOthers(holder: string | undefined, userId: string): boolean {
  return holder !== undefined && holder !== '' && holder !== userId;
}
