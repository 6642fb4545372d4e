import { EmailChanged } from './email-changed.event.js';
import { PasswordChanged } from './password-changed.event.js';
import { PasswordResetRequested } from './password-reset-requested.event.js';
import { ProfileReverted } from './profile-reverted.event.js';
import { RoleGranted } from './role-granted.event.js';
import { RoleRevoked } from './role-revoked.event.js';
import { SessionEnded } from './session-ended.event.js';
import { SessionsEnded } from './sessions-ended.event.js';
import { UserForgotten } from './user-forgotten.event.js';
import { UserLoggedIn } from './user-logged-in.event.js';
import { UserRegistered } from './user-registered.event.js';
import { UsernameChanged } from './username-changed.event.js';
import { WrongSignInsNoticed } from './wrong-sign-ins-noticed.event.js';

/** All events of a user's stream. Add a new event here first; the compiler then shows what is missing. */
export const USER_EVENTS = [
  UserRegistered,
  UserLoggedIn,
  EmailChanged,
  UsernameChanged,
  ProfileReverted,
  RoleGranted,
  RoleRevoked,
  PasswordChanged,
  PasswordResetRequested,
  SessionEnded,
  SessionsEnded,
  WrongSignInsNoticed,
  UserForgotten,
] as const;

export type UserEvent = InstanceType<(typeof USER_EVENTS)[number]>;

/** The events that change what a user may do. */
export const ACCESS_EVENTS = [
  RoleGranted,
  RoleRevoked,
  PasswordChanged,
  SessionEnded,
  SessionsEnded,
  UserForgotten,
] as const;
