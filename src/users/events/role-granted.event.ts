import { DomainEvent } from '@leftfold/core';
import type { Role } from '../../platform/auth/role.js';

@DomainEvent('users.role-granted', { tags: ({ role }: RoleGranted) => ({ role }) })
export class RoleGranted {
  declare readonly type: 'users.role-granted';

  constructor(
    readonly userId: string,
    readonly role: Role,
  ) {}
}
