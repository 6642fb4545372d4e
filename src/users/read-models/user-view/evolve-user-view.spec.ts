import {
  aForgottenRegistration,
  aForgottenUser,
  aChangedEmail,
  aChangedUsername,
  aGrantedOperator,
  aLogin,
  aRegisteredUser,
  aRevertedProfile,
  aRevokedOperator,
  NOW,
  USER_ID,
} from '../../testing/user.fixtures.js';
import { EmailChanged } from '../../events/email-changed.event.js';
import type { UserEvent } from '../../events/user.events.js';
import { evolveUserView } from './evolve-user-view.js';
import type { UserView } from './user-view.entity.js';

const fold = (...events: UserEvent[]): UserView => {
  let view: UserView | undefined;
  events.forEach((event, index) => {
    view = evolveUserView(view, event, { version: index + 1, recordedAt: NOW });
  });
  return view!;
};

describe('the view of a user', () => {
  it('starts with the values of the registration', () =>
    expect(fold(aRegisteredUser())).toMatchObject({
      userId: USER_ID,
      username: 'ann',
      usernameKey: 'ann',
      email: 'ann@example.com',
      emailKey: 'ann@example.com',
      roles: ['customer'],
      registeredAt: NOW.toISOString(),
      lastLoginTime: null,
      version: 1,
    }));

  it('shows the last login', () =>
    expect(fold(aRegisteredUser(), aLogin())).toMatchObject({ lastLoginTime: NOW.toISOString(), version: 2 }));

  it('follows changes of e-mail address and user name, and finds both in any spelling', () =>
    expect(fold(aRegisteredUser(), aChangedEmail('Ann@B.org'), aChangedUsername('Anna'))).toMatchObject({
      email: 'Ann@B.org',
      emailKey: 'ann@b.org',
      username: 'Anna',
      usernameKey: 'anna',
      version: 3,
    }));

  it('follows a reversion', () =>
    expect(fold(aRegisteredUser(), aChangedEmail(), aChangedUsername(), aRevertedProfile())).toMatchObject({
      username: 'ann',
      email: 'ann@example.com',
      emailKey: 'ann@example.com',
      version: 4,
    }));

  it('has no names of a forgotten user, at any version', () => {
    const unnamed = { username: '', usernameKey: '', usernameLook: '', email: '', emailKey: '' };
    const events = [aForgottenRegistration(USER_ID), new EmailChanged(USER_ID, undefined, undefined)];
    for (const count of [1, 2]) expect(fold(...events.slice(0, count))).toMatchObject(unnamed);
    expect(fold(aRegisteredUser(), aGrantedOperator(), aForgottenUser())).toMatchObject({ ...unnamed, roles: [] });
  });

  it('follows roles', () => {
    expect(fold(aRegisteredUser(), aGrantedOperator()).roles).toEqual(['customer', 'operator']);
    expect(fold(aRegisteredUser(), aGrantedOperator(), aRevokedOperator()).roles).toEqual(['customer']);
  });

  it('does not change the row that it was given', () => {
    const before = fold(aRegisteredUser());
    evolveUserView(before, aGrantedOperator(), { version: 2, recordedAt: NOW });
    expect(before.roles).toEqual(['customer']);
  });
});
