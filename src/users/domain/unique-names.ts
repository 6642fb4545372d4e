import { DecisionModel, decisionModel, type ModelParticipant, normaliseTagValue } from '@leftfold/core';
import { EmailChanged } from '../events/email-changed.event.js';
import { ProfileReverted } from '../events/profile-reverted.event.js';
import type { UserEvent } from '../events/user.events.js';
import { UserRegistered } from '../events/user-registered.event.js';
import { UsernameChanged } from '../events/username-changed.event.js';
import { lookOf } from './confusables/look.js';
import { emailKey, emailSpellings } from './email-key.js';
import { EmailTakenError, UsernameTakenError, UsernameTooSimilarError } from './user.errors.js';

type Claim = 'email' | 'username';
/** The names of a forgotten user are undefined: nobody has them. */
export type Names = Partial<Record<Claim, string | undefined>>;

/** How values are compared. */
const KEY_OF = { email: emailKey, username: normaliseTagValue };

/** Who has the address or user name after these events. The last one that names it claims it or gives it up. */
export function holderOf(claim: Claim, value: string, events: readonly UserEvent[]): string | undefined {
  return holderOfKey(KEY_OF[claim](value), events, (names) => names[claim], KEY_OF[claim]);
}

/** Whether another user has a user name that looks the same. */
function isTooSimilar(username: string, userId: string, events: readonly UserEvent[]): boolean {
  return isOthers(
    holderOfKey(lookOf(username), events, (names) => names.username, lookOf),
    userId,
  );
}

function holderOfKey(
  wanted: string,
  events: readonly UserEvent[],
  nameIn: (names: Names) => string | undefined,
  keyOf: (name: string) => string,
): string | undefined {
  const isIn = (names: Names): boolean => {
    const name = nameIn(names);
    return name !== undefined && keyOf(name) === wanted;
  };
  const last = events.findLast((event) => isIn(claimedBy(event)) || isIn(givenUpBy(event)));
  return last && isIn(claimedBy(last)) ? last.userId : undefined;
}

/** Who claims the names of a query: the last events that name them. */
@DecisionModel({
  events: [UserRegistered, ProfileReverted, EmailChanged, UsernameChanged],
  lastEventOnly: true,
})
export class NameClaims {
  private readonly events: UserEvent[] = [];

  /** The claims on these names, in all spellings, and on user names that look the same. */
  static of({ email, username }: Names): ModelParticipant<NameClaims> {
    const emails = email === undefined ? [] : emailSpellings(email).map((value) => ({ email: value }));
    return decisionModel(
      NameClaims,
      ...emails,
      ...(username === undefined ? [] : [{ username }, { look: lookOf(username) }]),
    );
  }

  evolve(event: UserEvent): void {
    this.events.push(event);
  }

  /**
   * No two users share an e-mail address or user name, in any spelling, and no two user names look the same.
   * @throws EmailTakenError, UsernameTakenError, UsernameTooSimilarError
   */
  refuseOthers(userId: string, { email, username }: Names): void {
    const { events } = this;
    if (isOthers(email && holderOf('email', email, events), userId)) throw EmailTakenError.byAnotherUser();
    if (isOthers(username && holderOf('username', username, events), userId)) {
      throw UsernameTakenError.byAnotherUser();
    }
    if (username !== undefined && isTooSimilar(username, userId, events)) throw UsernameTooSimilarError.toAnother();
  }
}

function claimedBy(event: UserEvent): Names {
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

function givenUpBy(event: UserEvent): Names {
  switch (event.type) {
    case 'users.email-changed':
      return { email: event.previousEmail };
    case 'users.username-changed':
      return { username: event.previousUsername };
    case 'users.profile-reverted':
      return { email: event.previousEmail, username: event.previousUsername };
    default:
      return {};
  }
}

function isOthers(holder: string | undefined, userId: string): boolean {
  return holder !== undefined && holder !== '' && holder !== userId;
}
