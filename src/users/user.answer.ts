import { ApiProperty } from '@nestjs/swagger';
import { type Role, ROLES } from '../platform/auth/role.js';
import type { UserView } from './read-models/user-view/user-view.entity.js';

/** A user as the API shows it. */
export class UserAnswer {
  @ApiProperty({ format: 'uuid' })
  readonly userId: string;

  @ApiProperty()
  readonly username: string;

  @ApiProperty({ format: 'email' })
  readonly email: string;

  @ApiProperty({ enum: ROLES, isArray: true })
  readonly roles: readonly Role[];

  @ApiProperty({ format: 'date-time' })
  readonly registeredAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly lastLoginTime: string | null;

  @ApiProperty({ type: 'integer', description: 'Version of the user, as ETag and If-Match name it.' })
  readonly version: number;
}

export function userAnswer(view: UserView): UserAnswer {
  const { userId, username, email, roles, registeredAt, lastLoginTime, version } = view;
  return { userId, username, email, roles, registeredAt, lastLoginTime, version };
}

export class UserIdAnswer {
  @ApiProperty({ format: 'uuid' })
  readonly userId: string;
}
