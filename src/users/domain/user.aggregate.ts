import { Aggregate, AggregateRoot, type JsonObject, unreachable } from '../../event-sourcing/index.js';
import type { Role } from '../../platform/auth/role.js';
import { EmailChanged } from '../events/email-changed.event.js';
import { ProfileReverted } from '../events/profile-reverted.event.js';
import { RoleGranted } from '../events/role-granted.event.js';
import { RoleRevoked } from '../events/role-revoked.event.js';
import { UserLoggedIn } from '../events/user-logged-in.event.js';
import { UserRegistered } from '../events/user-registered.event.js';
import { USER_EVENTS, type UserEvent } from '../events/user.events.js';
import { UsernameChanged } from '../events/username-changed.event.js';
import { UserNotFoundError } from './user.errors.js';

export interface Profile {
  readonly username: string;
  readonly email: string;
}

@Aggregate({
  category: 'user',
  events: USER_EVENTS,
  snapshotVersion: 1,
  notFound: (id) => UserNotFoundError.withId(id),
})
export class User extends AggregateRoot<UserEvent> {
  private username = '';
  private email = '';
  private held = new Set<Role>();

  get roles(): Role[] {
    return [...this.held];
  }

  /** What a reversion restores. */
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

  changeEmail(email: string): void {
    if (email === this.email) return;
    this.apply(new EmailChanged(this.id, email, this.email));
  }

  changeUsername(username: string): void {
    if (username === this.username) return;
    this.apply(new UsernameChanged(this.id, username, this.username));
  }

  /** Makes user name and e-mail address again what they were. Roles stay as they are. */
  revertProfile({ username, email }: Profile, toVersion: number): void {
    if (username === this.username && email === this.email) return;
    this.apply(new ProfileReverted(this.id, toVersion, username, email, this.username, this.email));
  }

  grantRole(role: Role): void {
    if (this.held.has(role)) return;
    this.apply(new RoleGranted(this.id, role));
  }

  revokeRole(role: Role): void {
    if (!this.held.has(role)) return;
    this.apply(new RoleRevoked(this.id, role));
  }

  protected evolve(event: UserEvent): void {
    switch (event.type) {
      case 'users.user-registered':
        this.username = event.username;
        this.email = event.email;
        this.held.add('customer');
        return;
      case 'users.user-logged-in':
        return;
      case 'users.email-changed':
        this.email = event.email;
        return;
      case 'users.username-changed':
        this.username = event.username;
        return;
      case 'users.profile-reverted':
        this.username = event.username;
        this.email = event.email;
        return;
      case 'users.role-granted':
        this.held.add(event.role);
        return;
      case 'users.role-revoked':
        this.held.delete(event.role);
        return;
      default:
        unreachable(event);
    }
  }

  protected override takeSnapshot(): JsonObject {
    return { username: this.username, email: this.email, roles: this.roles };
  }

  protected override restoreSnapshot(state: JsonObject): void {
    const { username, email, roles } = state as { username: string; email: string; roles: Role[] };
    this.username = username;
    this.email = email;
    this.held = new Set(roles);
  }
}
