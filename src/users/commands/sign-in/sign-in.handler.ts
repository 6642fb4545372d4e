import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateRepository, MessageContext } from '../../../event-sourcing/index.js';
import type { Role } from '../../../platform/auth/role.js';
import { Credentials } from '../../credentials/credentials.js';
import { SignInAttempts } from '../../credentials/sign-in-attempts.js';
import { RegisteredUsers } from '../../domain/registered-users.js';
import { User } from '../../domain/user.aggregate.js';
import { type SignedIn, SignInCommand } from './sign-in.command.js';
import { WrongCredentialsError } from './sign-in.errors.js';

@CommandHandler(SignInCommand)
export class SignInHandler implements ICommandHandler<SignInCommand> {
  constructor(
    private readonly aggregates: AggregateRepository,
    private readonly users: RegisteredUsers,
    private readonly credentials: Credentials,
    private readonly attempts: SignInAttempts,
    private readonly context: MessageContext,
  ) {}

  async execute({ email, password, address, now }: SignInCommand): Promise<SignedIn> {
    const attempt = { email, address, now };
    await this.attempts.admit(attempt);
    const userId = await this.users.findByEmail(email);
    const right = await this.credentials.verify(userId, password);
    await this.attempts.settle(attempt, right);
    if (!userId || !right) throw WrongCredentialsError.forThisSignIn();
    let roles: Role[] = [];
    await this.aggregates.update(User, userId, (user) => {
      user.logIn(now);
      roles = user.roles;
    });
    return { userId, roles, version: this.context.outcome?.version ?? 0 };
  }
}
