import { specOf } from '@leftfold/core/testing';
import { EmailChanged } from '../events/email-changed.event.js';
import { SessionEnded } from '../events/session-ended.event.js';
import { SessionsEnded } from '../events/sessions-ended.event.js';
import { WrongSignInsNoticed } from '../events/wrong-sign-ins-noticed.event.js';
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
} from '../testing/user.fixtures.js';
import { User } from './user.aggregate.js';
import { ResetInvalidError, UserForgottenError } from './user.errors.js';
import { PasswordResetRequested } from '../events/password-reset-requested.event.js';

const user = specOf(User, USER_ID).given(aRegisteredUser());

describe('a user', () => {
  it('logs in', () => user.when((it) => it.logIn(NOW)).thenEvents(aLogin()));

  it('is notified of wrong sign-ins once an hour at most', () => {
    const after = (minutes: number): Date => new Date(NOW.getTime() + minutes * 60_000);
    const told = (at: Date) => new WrongSignInsNoticed(USER_ID, 'ann@example.com', at.toISOString());
    user.when((it) => it.noticeWrongSignIns(NOW)).thenEvents(told(NOW));
    user
      .given(told(NOW))
      .when((it) => it.noticeWrongSignIns(after(59)))
      .thenNothing();
    user
      .given(told(NOW))
      .when((it) => it.noticeWrongSignIns(after(60)))
      .thenEvents(told(after(60)));
  });

  it('ends all sessions in place of the 1,001st that would have to be remembered', () => {
    const later = (hours: number): Date => new Date(NOW.getTime() + hours * 3_600_000);
    const ended = (session: number, at: Date, until: Date) =>
      new SessionEnded(USER_ID, session, at.toISOString(), until.toISOString());
    const full = user.given(...Array.from({ length: 1_000 }, (_, session) => ended(session, NOW, later(1))));
    full.when((it) => it.endSession(7, NOW, later(1))).thenNothing();
    full.when((it) => it.endSession(1_000, NOW, later(1))).thenEvents(new SessionsEnded(USER_ID));
    full
      .given(new SessionsEnded(USER_ID))
      .when((it) => it.endSession(1_000, NOW, later(1)))
      .thenEvents(ended(1_000, NOW, later(1)));
    // Tokens that have expired need not be remembered.
    full.when((it) => it.endSession(1_000, later(2), later(3))).thenEvents(ended(1_000, later(2), later(3)));
  });

  it('changes the e-mail address, and says which one was given up', () =>
    user.when((it) => it.changeEmail('ann@example.org')).thenEvents(aChangedEmail()));

  it('ignores a change to the same e-mail address', () =>
    user.when((it) => it.changeEmail('ann@example.com')).thenNothing());

  it('counts a change of spelling as a change', () =>
    user.when((it) => it.changeEmail('Ann@example.com')).thenEvents(aChangedEmail('Ann@example.com')));

  it('changes the address again, from the current one', () =>
    user
      .given(aChangedEmail())
      .when((it) => it.changeEmail('ann@example.net'))
      .thenEvents(aChangedEmail('ann@example.net', 'ann@example.org')));

  it('changes the user name', () => user.when((it) => it.changeUsername('anna')).thenEvents(aChangedUsername()));

  it('ignores a change to the same user name', () => user.when((it) => it.changeUsername('ann')).thenNothing());

  it('goes back to an earlier user name and e-mail address', () =>
    user
      .given(aChangedEmail(), aChangedUsername(), aGrantedOperator())
      .when((it) => it.revertProfile({ username: 'ann', email: 'ann@example.com' }, 1))
      .thenEvents(aRevertedProfile()));

  it('ignores a reversion to the current names', () =>
    user
      .given(aChangedEmail(), aChangedUsername(), aRevertedProfile())
      .when((it) => it.revertProfile({ username: 'ann', email: 'ann@example.com' }, 1))
      .thenNothing());

  it('is granted a role once', () => {
    user.when((it) => it.grantRole('operator')).thenEvents(aGrantedOperator());
    user
      .given(aGrantedOperator())
      .when((it) => it.grantRole('operator'))
      .thenNothing();
  });

  it('is a customer from the start', () => user.when((it) => it.grantRole('customer')).thenNothing());

  it('has a role revoked once', () => {
    user
      .given(aGrantedOperator())
      .when((it) => it.revokeRole('operator'))
      .thenEvents(aRevokedOperator());
    user.when((it) => it.revokeRole('operator')).thenNothing();
  });
});

describe('a user who is to be forgotten', () => {
  it('is forgotten', () => user.when((it) => it.forget(null, null)).thenEvents(aForgottenUser()));

  it('gives up the roles first, so that it does not count as an operator', () =>
    user
      .given(aGrantedOperator())
      .when((it) => it.forget('asked by letter', null))
      .thenEvents(aRevokedOperator(), aForgottenUser(USER_ID, 'asked by letter')));
});

describe('a forgotten user', () => {
  const reset = { resetId: 'r', expiresAt: new Date(NOW.getTime() + 1).toISOString() };
  const requested = new PasswordResetRequested(USER_ID, reset.resetId, undefined, reset.expiresAt);
  const forgotten = specOf(User, USER_ID).given(
    aForgottenRegistration(USER_ID),
    aGrantedOperator(),
    requested,
    aRevokedOperator(),
    aForgottenUser(),
  );

  it('stays forgotten', () => forgotten.when((it) => it.forget('again', 'a note')).thenNothing());

  it.each<[string, (it: User) => void]>([
    ['logIn', (it) => it.logIn(NOW)],
    ['changePassword', (it) => it.changePassword('p')],
    ['requestPasswordReset', (it) => it.requestPasswordReset(reset)],
    ['endSession', (it) => it.endSession(1, NOW, NOW)],
    ['endSessions', (it) => it.endSessions()],
    ['noticeWrongSignIns', (it) => it.noticeWrongSignIns(NOW)],
    ['changeEmail', (it) => it.changeEmail('ann@example.org')],
    ['changeUsername', (it) => it.changeUsername('anna')],
    ['revertProfile', (it) => it.revertProfile({ username: 'ann', email: 'ann@example.com' }, 1)],
    ['grantRole', (it) => it.grantRole('customer')],
    ['revokeRole', (it) => it.revokeRole('operator')],
  ])('is not changed any more: %s', (_name, change) => forgotten.when(change).thenFails(UserForgottenError));

  it('has no valid link for a forgotten password', () =>
    forgotten.when((it) => it.resetPassword(reset.resetId, 'p', NOW)).thenFails(ResetInvalidError));

  it('has no names at any version', () => {
    const noNames = (it: User): void => expect(it.profile).toEqual({ username: '', email: '' });
    const before = specOf(User, USER_ID).given(aForgottenRegistration(USER_ID));
    before.when(noNames).thenNothing();
    before
      .given(new EmailChanged(USER_ID, undefined, undefined))
      .when(noNames)
      .thenNothing();
    forgotten.when(noNames).thenNothing();
  });
});
