import { Command } from '@nestjs/cqrs';
import type { Role } from '../../../platform/auth/role.js';

export class GrantRoleCommand extends Command<{ userId: string }> {
  constructor(
    readonly userId: string,
    readonly role: Role,
  ) {
    super();
  }
}
