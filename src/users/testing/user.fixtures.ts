import { EmailChanged } from '../events/email-changed.event.js';
import { ProfileReverted } from '../events/profile-reverted.event.js';
import { RoleGranted } from '../events/role-granted.event.js';
import { RoleRevoked } from '../events/role-revoked.event.js';
import { UserForgotten } from '../events/user-forgotten.event.js';
import { UserLoggedIn } from '../events/user-logged-in.event.js';
import { UserRegistered } from '../events/user-registered.event.js';
import { UsernameChanged } from '../events/username-changed.event.js';

export const USER_ID = '018f2b6e-0000-7000-8000-000000000001';
export const OTHER_USER_ID = '018f2b6e-0000-7000-8000-000000000002';
export const NOW = new Date('2026-01-31T12:00:00.000Z');

export const aRegisteredUser = (userId = USER_ID) => new UserRegistered(userId, 'ann', 'ann@example.com');
export const aLogin = (userId = USER_ID) => new UserLoggedIn(userId, NOW.toISOString());
export const aChangedEmail = (email = 'ann@example.org', previous = 'ann@example.com', userId = USER_ID) =>
  new EmailChanged(userId, email, previous);
export const aChangedUsername = (username = 'anna', previous = 'ann', userId = USER_ID) =>
  new UsernameChanged(userId, username, previous);
export const aRevertedProfile = (userId = USER_ID) =>
  new ProfileReverted(userId, 1, 'ann', 'ann@example.com', 'anna', 'ann@example.org');
export const aGrantedOperator = (userId = USER_ID) => new RoleGranted(userId, 'operator');
export const aRevokedOperator = (userId = USER_ID) => new RoleRevoked(userId, 'operator');
export const aForgottenUser = (userId = USER_ID, reason: string | null = null) =>
  new UserForgotten(userId, reason, null);
/** The registration of a forgotten user, as it is read: without what was personal. */
export const aForgottenRegistration = (userId: string) => new UserRegistered(userId, undefined, undefined);
