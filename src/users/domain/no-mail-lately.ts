import type { Guard } from '@leftfold/core';
import { TooManyRequestsError } from '../commands/sign-in/sign-in.errors.js';
import type { UserEvent } from '../events/user.events.js';
import { emailKey } from './email-key.js';

/**
 * Prevents a second welcome mail to an address soon after the first, even when it was given up meanwhile. The time of a registration
 * is in the user's id, a UUID v7.
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

/** In ms since 1970; 0 for an id that is not of version 7, such as the first operator's. */
function timeOf(userId: string): number {
  return userId[14] === '7' ? Number.parseInt(userId.replaceAll('-', '').slice(0, 12), 16) : 0;
}
