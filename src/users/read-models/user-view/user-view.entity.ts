import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Role } from '../../../platform/auth/role.js';

/** A row of the user view. Times are ISO 8601, UTC. */
@Entity('user_view')
@Index('user_view_username', ['usernameKey'])
@Index('user_view_email', ['emailKey'])
@Index('user_view_look', ['usernameLook'])
export class UserView {
  @PrimaryColumn({ name: 'user_id', type: 'text' })
  userId: string;

  @Column({ type: 'text' })
  username: string;

  /** The user name for comparison. */
  @Column({ name: 'username_key', type: 'text' })
  usernameKey: string;

  /** The look of the user name. */
  @Column({ name: 'username_look', type: 'text', default: '' })
  usernameLook: string;

  @Column({ type: 'text' })
  email: string;

  /** The e-mail address for comparison. */
  @Column({ name: 'email_key', type: 'text' })
  emailKey: string;

  @Column({ type: 'simple-json' })
  roles: Role[];

  @Column({ name: 'registered_at', type: 'text' })
  registeredAt: string;

  @Column({ name: 'last_login_time', type: 'text', nullable: true })
  lastLoginTime: string | null;

  /** Version of the user's stream. */
  @Column({ type: 'integer' })
  version: number;
}
