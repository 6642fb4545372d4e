import { type Guard, normaliseTagValue } from '@leftfold/core';
import type { UserEvent } from '../events/user.events.js';
import { lookOf } from './confusables/look.js';
import { emailKey, emailSpellings } from './email-key.js';
import { EmailTakenError, UsernameTakenError, UsernameTooSimilarError } from './user.errors.js';

type Claim = 'email' | 'username';

/** How values are compared. */
const KEY_OF = { email: emailKey, username: normaliseTagValue };

/** Who has the address or user name after these events; nobody has what was given up. */
export function holderOf(claim: Claim, value: string, events: readonly UserEvent[]): string | undefined {
  const wanted = KEY_OF[claim](value);
  let holder: string | undefined;
  for (const event of events) {
    const claimed = claimedBy(event)[claim];
    if (claimed === undefined) continue;
    if (KEY_OF[claim](claimed) === wanted) holder = event.userId;
    else if (holder === event.userId) holder = undefined;
  }
  return holder;
}

/** Whether somebody else has a user name that looks the same. */
function isTooSimilar(username: string, userId: string, events: readonly UserEvent[]): boolean {
  const names = new Map<string, string>();
  for (const event of events) {
    const claimed = claimedBy(event).username;
    if (claimed !== undefined) names.set(event.userId, claimed);
  }
  const look = lookOf(username);
  return Array.from(names).some(([holder, name]) => holder !== userId && lookOf(name) === look);
}

/** No two users share an e-mail address or user name, in whatever spelling, and no two user names look the same. */
export function namesAreFree(userId: string, names: { email?: string; username?: string }): Guard<UserEvent> {
  const { email, username } = names;
  return {
    query: {
      tags: [
        ...(email === undefined ? [] : emailSpellings(email).map((value) => ({ name: 'email', value }))),
        ...(username === undefined
          ? []
          : [
              { name: 'username', value: username },
              { name: 'look', value: lookOf(username) },
            ]),
      ],
    },
    check: (events) => {
      if (isOthers(email && holderOf('email', email, events), userId)) throw EmailTakenError.becauseSomebodyHasIt();
      if (isOthers(username && holderOf('username', username, events), userId)) {
        throw UsernameTakenError.becauseSomebodyHasIt();
      }
      if (username !== undefined && isTooSimilar(username, userId, events)) throw UsernameTooSimilarError.toAnother();
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
