import { modelSpec } from '@leftfold/core/testing';
import {
  aChangedEmail,
  aChangedUsername,
  aRegisteredUser,
  aRevertedProfile,
  OTHER_USER_ID,
  USER_ID,
} from '../testing/user.fixtures.js';
import type { UserEvent } from '../events/user.events.js';
import { holderOf, NameClaims } from './unique-names.js';
import { EmailTakenError, UsernameTakenError } from './user.errors.js';

describe('the holder of an e-mail address', () => {
  it('is the user who registered with it, in any spelling', () => {
    expect(holderOf('email', ' ANN@Example.com', [aRegisteredUser()])).toBe(USER_ID);
  });

  it('is undefined once it was given up', () => {
    expect(holderOf('email', 'ann@example.com', [aRegisteredUser(), aChangedEmail()])).toBeUndefined();
  });

  it('is the next user who claimed it', () => {
    const events = [aRegisteredUser(), aChangedEmail(), aRegisteredUser(OTHER_USER_ID)];
    expect(holderOf('email', 'ann@example.com', events)).toBe(OTHER_USER_ID);
  });

  it('is the old one again after a reversion, and the reverted address is free', () => {
    const events = [aRegisteredUser(), aChangedEmail(), aChangedUsername(), aRevertedProfile()];
    expect(holderOf('email', 'ann@example.com', events)).toBe(USER_ID);
    expect(holderOf('email', 'ann@example.org', events)).toBeUndefined();
    expect(holderOf('username', 'anna', events)).toBeUndefined();
  });

  it('is nobody when the last one gave it up, also where it is not known that the first one did', () => {
    const events = [aRegisteredUser(), aChangedEmail('b@example.com', 'ann@example.com', OTHER_USER_ID)];
    expect(holderOf('email', 'ann@example.com', events)).toBeUndefined();
  });

  it('stays the same when somebody else gives up another address', () => {
    const events = [aRegisteredUser(), aChangedEmail('b@example.com', 'x@example.com', OTHER_USER_ID)];
    expect(holderOf('email', 'ann@example.com', events)).toBe(USER_ID);
  });
});

describe('names that a user wants', () => {
  const wanted = { email: 'Ann@example.com', username: 'ANN' };
  const claiming = (
    events: readonly UserEvent[],
    userId = OTHER_USER_ID,
    names: typeof wanted | { email: string } = wanted,
  ) => {
    const claims = modelSpec(NameClaims.of(names)).given(...events);
    return () => claims.refuseOthers(userId, names);
  };

  it('are free when no user has them', () => expect(claiming([])).not.toThrow());

  it('are refused for a taken address first', () => expect(claiming([aRegisteredUser()])).toThrow(EmailTakenError));

  it('are refused for a taken user name', () =>
    expect(claiming([aRegisteredUser(), aChangedEmail()])).toThrow(UsernameTakenError));

  it('are free when they were given up', () =>
    expect(claiming([aRegisteredUser(), aChangedEmail(), aChangedUsername()])).not.toThrow());

  it('are free for the user who has them', () =>
    expect(claiming([aRegisteredUser()], USER_ID, { email: 'ann@example.com' })).not.toThrow());

  it('are looked up alone', () =>
    expect(NameClaims.of({ email: 'a@b.c' }).tagSets).toEqual([[{ name: 'email', value: 'a@b.c' }]]));
});
