import { DomainEvent } from '@leftfold/core';
import type { Role } from '../../platform/auth/role.js';

@DomainEvent('users.role-revoked', { tags: ({ role }: RoleRevoked) => ({ role }) })
export class RoleRevoked {
  declare readonly type: 'users.role-revoked';

  constructor(
    readonly userId: string,
    readonly role: Role,
  ) {}
}
