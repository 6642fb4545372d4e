import {
  aChangedEmail,
  aChangedUsername,
  aRegisteredUser,
  aRevertedProfile,
  OTHER_USER_ID,
  USER_ID,
} from '../testing/user.fixtures.js';
import { holderOf, namesAreFree } from './unique-names.js';
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

describe('names that must be free', () => {
  const claim = namesAreFree(OTHER_USER_ID, { email: 'Ann@example.com', username: 'ANN' });

  it('are free when no user has them', () => expect(() => claim.check([])).not.toThrow());

  it('refuses a taken address first', () => expect(() => claim.check([aRegisteredUser()])).toThrow(EmailTakenError));

  it('refuses a taken user name', () =>
    expect(() => claim.check([aRegisteredUser(), aChangedEmail()])).toThrow(UsernameTakenError));

  it('frees names that were given up', () =>
    expect(() => claim.check([aRegisteredUser(), aChangedEmail(), aChangedUsername()])).not.toThrow());

  it('lets a user keep its own names', () =>
    expect(() => namesAreFree(USER_ID, { email: 'ann@example.com' }).check([aRegisteredUser()])).not.toThrow());

  it('checks only the names that are claimed', () =>
    expect(namesAreFree(USER_ID, { email: 'a@b.c' }).query.tags).toEqual([{ name: 'email', value: 'a@b.c' }]));
});
