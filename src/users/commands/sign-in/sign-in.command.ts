import { Command } from '@nestjs/cqrs';

export interface SignedIn {
  readonly userId: string;
  /** Generation of the user's sessions. */
  readonly generation: number;
}

export class SignInCommand extends Command<SignedIn> {
  constructor(
    readonly email: string,
    readonly password: string,
    /** Address of the request. */
    readonly address: string,
    readonly now: Date,
  ) {
    super();
  }
}
