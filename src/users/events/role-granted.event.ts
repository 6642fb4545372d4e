import { DomainEvent } from '@leftfold/core';
import type { Role } from '../../platform/auth/role.js';

/** Version 2 has the role `auditor`: nodes that don't know that role leave these events to others. */
@DomainEvent('users.role-granted', {
  version: 2,
  upcasters: { 1: (data) => data },
  tags: ({ role }: RoleGranted) => ({ role }),
})
export class RoleGranted {
  declare readonly type: 'users.role-granted';

  constructor(
    readonly userId: string,
    readonly role: Role,
  ) {}
}
