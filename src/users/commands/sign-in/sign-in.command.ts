import { Command } from '@nestjs/cqrs';
import type { Role } from '../../../platform/auth/role.js';

export interface SignedIn {
  readonly userId: string;
  readonly roles: Role[];
  /** Version of the user's stream with this sign-in. */
  readonly version: number;
}

export class SignInCommand extends Command<SignedIn> {
  constructor(
    readonly email: string,
    readonly password: string,
    /** Where the request came from. */
    readonly address: string,
    readonly now: Date,
  ) {
    super();
  }
}
