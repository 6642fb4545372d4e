import { Aggregate, AggregateRoot, type JsonObject, unreachable } from '@leftfold/core';
import type { Role } from '../../platform/auth/role.js';
import { EmailChanged } from '../events/email-changed.event.js';
import { PasswordChanged } from '../events/password-changed.event.js';
import { PasswordResetRequested } from '../events/password-reset-requested.event.js';
import { ProfileReverted } from '../events/profile-reverted.event.js';
import { RoleGranted } from '../events/role-granted.event.js';
import { RoleRevoked } from '../events/role-revoked.event.js';
import { SessionEnded } from '../events/session-ended.event.js';
import { SessionsEnded } from '../events/sessions-ended.event.js';
import { UserForgotten } from '../events/user-forgotten.event.js';
import { UserLoggedIn } from '../events/user-logged-in.event.js';
import { UserRegistered } from '../events/user-registered.event.js';
import { USER_EVENTS, type UserEvent } from '../events/user.events.js';
import { UsernameChanged } from '../events/username-changed.event.js';
import { WrongSignInsNoticed } from '../events/wrong-sign-ins-noticed.event.js';
import { ResetInvalidError, UserForgottenError, UserNotFoundError } from './user.errors.js';
import { type PasswordReset, type SessionState, Sessions } from './sessions.js';

const HOUR = 60 * 60 * 1_000;

export interface Profile {
  readonly username: string;
  readonly email: string;
}

interface Snapshot extends Profile {
  readonly roles: readonly Role[];
  readonly sessions: SessionState;
  readonly warnedAt: string | null;
  readonly forgotten: Forgotten | null;
}

/** What is kept of the forgetting of a user. */
export interface Forgotten {
  /** The last signed checkpoint before; null when the log was not sealed. */
  readonly checkpoint: string | null;
}

@Aggregate({
  category: 'user',
  events: USER_EVENTS,
  snapshotVersion: 4,
  notFound: (id) => UserNotFoundError.withId(id),
})
export class User extends AggregateRoot<UserEvent> {
  private username = '';
  private email = '';
  private held = new Set<Role>();
  private sessions = new Sessions();
  /** When the user was last notified of wrong sign-ins: ISO 8601, UTC. */
  private warnedAt: string | null = null;
  /** Null while the user is known. */
  private forgetting: Forgotten | null = null;

  get forgotten(): Forgotten | null {
    return this.forgetting;
  }

  /** Id of the current password's hash; empty for the password of the registration. */
  get passwordId(): string {
    return this.sessions.passwordId;
  }

  /** Tokens of an earlier generation are void. */
  get generation(): number {
    return this.sessions.generation;
  }

  get roles(): Role[] {
    return [...this.held];
  }

  /** The names that a reversion restores. They are empty when the user is forgotten. */
  get profile(): Profile {
    return { username: this.username, email: this.email };
  }

  static register(id: string, username: string, email: string): User {
    const user = new User(id);
    user.apply(new UserRegistered(id, username, email));
    return user;
  }

  logIn(now: Date): void {
    this.apply(new UserLoggedIn(this.id, now.toISOString()));
  }

  /** Whether the user signed out of the session that began at this version. */
  hasEnded(session: number): boolean {
    return this.sessions.hasEnded(session);
  }

  changePassword(passwordId: string): void {
    this.apply(new PasswordChanged(this.id, passwordId, null));
  }

  requestPasswordReset({ resetId, expiresAt }: PasswordReset): void {
    this.apply(new PasswordResetRequested(this.id, resetId, this.email, expiresAt));
  }

  /** @throws ResetInvalidError when it is not the latest reset, was used, or has expired */
  resetPassword(resetId: string, passwordId: string, now: Date): void {
    if (!this.sessions.allowsReset(resetId, now)) throw ResetInvalidError.forAnyReason();
    this.apply(new PasswordChanged(this.id, passwordId, resetId));
  }

  /** All sessions end where too many have ended by themselves to remember one more. */
  endSession(session: number, now: Date, expiresAt: Date): void {
    if (this.hasEnded(session)) return;
    if (this.sessions.isFull(now)) return this.endSessions();
    this.apply(new SessionEnded(this.id, session, now.toISOString(), expiresAt.toISOString()));
  }

  endSessions(): void {
    this.apply(new SessionsEnded(this.id));
  }

  /** Once an hour at most, because the user gets a mail each time. */
  noticeWrongSignIns(now: Date): void {
    if (this.warnedAt !== null && now.getTime() < new Date(this.warnedAt).getTime() + HOUR) return;
    this.apply(new WrongSignInsNoticed(this.id, this.email, now.toISOString()));
  }

  changeEmail(email: string): void {
    if (email === this.email) return;
    this.apply(new EmailChanged(this.id, email, this.email));
  }

  changeUsername(username: string): void {
    if (username === this.username) return;
    this.apply(new UsernameChanged(this.id, username, this.username));
  }

  /** Restores user name and e-mail address. Roles don't change. */
  revertProfile({ username, email }: Profile, toVersion: number): void {
    if (username === this.username && email === this.email) return;
    this.apply(new ProfileReverted(this.id, toVersion, username, email, this.username, this.email));
  }

  grantRole(role: Role): void {
    if (this.held.has(role)) return;
    this.apply(new RoleGranted(this.id, role));
  }

  revokeRole(role: Role): void {
    this.refuseForgotten();
    if (!this.held.has(role)) return;
    this.apply(new RoleRevoked(this.id, role));
  }

  /**
   * Gives up the roles, and forgets everything personal, for ever.
   * @param reason of an operator; null when the user asks
   */
  forget(reason: string | null, checkpoint: string | null): void {
    if (this.forgetting) return;
    for (const role of this.held) if (role !== 'customer') this.revokeRole(role);
    this.apply(new UserForgotten(this.id, reason, checkpoint));
  }

  /** @throws UserForgottenError */
  refuseForgotten(): void {
    if (this.forgetting) throw UserForgottenError.withId(this.id);
  }

  /** Nothing happens to a forgotten user any more. @throws UserForgottenError */
  protected override apply(event: UserEvent): void {
    this.refuseForgotten();
    super.apply(event);
  }

  protected evolve(event: UserEvent): void {
    switch (event.type) {
      case 'users.user-registered':
        this.rename(event);
        this.held.add('customer');
        return;
      case 'users.user-logged-in':
        return;
      case 'users.email-changed':
      case 'users.username-changed':
      case 'users.profile-reverted':
        this.rename(event);
        return;
      case 'users.role-granted':
        this.held.add(event.role);
        this.sessions.endAll();
        return;
      case 'users.role-revoked':
        this.held.delete(event.role);
        this.sessions.endAll();
        return;
      case 'users.password-changed':
        this.sessions.changePassword(event.passwordId);
        return;
      case 'users.password-reset-requested':
        this.sessions.awaitReset(event);
        return;
      case 'users.session-ended':
        this.sessions.end(event.session, event.endedAt, event.expiresAt);
        return;
      case 'users.sessions-ended':
        this.sessions.endAll();
        return;
      case 'users.wrong-sign-ins-noticed':
        this.warnedAt = event.noticedAt;
        return;
      case 'users.user-forgotten':
        this.forgetting = { checkpoint: event.checkpoint };
        this.rename({ username: '', email: '' });
        this.held.clear();
        this.sessions = new Sessions();
        this.warnedAt = null;
        return;
      default:
        unreachable(event);
    }
  }

  /** Names that are left out stay; those of a forgotten user are absent, and unknown from then on. */
  private rename(event: Partial<Profile>): void {
    if ('username' in event) this.username = event.username ?? '';
    if ('email' in event) this.email = event.email ?? '';
  }

  protected override takeSnapshot(): JsonObject {
    const { username, email, roles, warnedAt } = this;
    const forgotten = this.forgetting && { ...this.forgetting };
    return { username, email, roles, sessions: this.sessions.state, warnedAt, forgotten };
  }

  protected override restoreSnapshot(state: JsonObject): void {
    const { username, email, roles, sessions, warnedAt, forgotten } = state as unknown as Snapshot;
    this.username = username;
    this.email = email;
    this.held = new Set(roles);
    this.sessions = new Sessions(sessions);
    this.warnedAt = warnedAt;
    this.forgetting = forgotten;
  }
}
