import { EmailChanged } from './email-changed.event.js';
import { ProfileReverted } from './profile-reverted.event.js';
import { RoleGranted } from './role-granted.event.js';
import { RoleRevoked } from './role-revoked.event.js';
import { UserLoggedIn } from './user-logged-in.event.js';
import { UserRegistered } from './user-registered.event.js';
import { UsernameChanged } from './username-changed.event.js';

/** Everything that can stand in a user's stream. Add here first; the compiler names the rest. */
export const USER_EVENTS = [
  UserRegistered,
  UserLoggedIn,
  EmailChanged,
  UsernameChanged,
  ProfileReverted,
  RoleGranted,
  RoleRevoked,
] as const;

export type UserEvent = InstanceType<(typeof USER_EVENTS)[number]>;
