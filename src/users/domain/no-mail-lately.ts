import type { Guard } from '@leftfold/core';
import { TooManyRequestsError } from '../commands/sign-in/sign-in.errors.js';
import type { UserEvent } from '../events/user.events.js';
import { emailKey } from './email-key.js';

/**
 * Nobody is sent a second welcome mail soon after the first, although the address was given up meanwhile. The log knows: when a user
 * registered stands in the user's id, a UUID v7.
 * @param since the earliest registration that counts
 */
export function noMailLately(guard: Guard<UserEvent>, email: string, since: Date): Guard<UserEvent> {
  return {
    ...guard,
    query: { tags: [...guard.query.tags, { name: 'welcomed', value: emailKey(email) }] },
    check: (events) => {
      guard.check(events);
      const times = events.flatMap((event) =>
        event.type === 'users.user-registered' && emailKey(event.email) === emailKey(email)
          ? [timeOf(event.userId)]
          : [],
      );
      const wait = Math.max(0, ...times) - since.getTime();
      if (wait > 0) throw TooManyRequestsError.becauseAMailWasSent(wait);
    },
  };
}

/** In ms since 1970; 0 for an id that is not of version 7, as the first operator's. */
function timeOf(userId: string): number {
  return userId[14] === '7' ? Number.parseInt(userId.replaceAll('-', '').slice(0, 12), 16) : 0;
}
