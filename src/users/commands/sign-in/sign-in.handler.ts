import { AggregateRepository } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PasswordCheck } from '../../credentials/password-check.js';
import { RegisteredUsers } from '../../domain/registered-users.js';
import { User } from '../../domain/user.aggregate.js';
import { type SignedIn, SignInCommand } from './sign-in.command.js';
import { WrongCredentialsError } from './sign-in.errors.js';

@CommandHandler(SignInCommand)
export class SignInHandler implements ICommandHandler<SignInCommand> {
  constructor(
    private readonly aggregates: AggregateRepository,
    private readonly users: RegisteredUsers,
    private readonly passwords: PasswordCheck,
  ) {}

  async execute({ email, password, address, now }: SignInCommand): Promise<SignedIn> {
    const userId = await this.users.findByEmail(email);
    const passwordId = await this.passwords.check({ account: email, address, now }, userId, password);
    let generation = 0;
    await this.aggregates.update(User, userId!, (user) => {
      // The password may have changed, or the user been forgotten, since it was checked.
      if (user.forgotten || user.passwordId !== passwordId) throw WrongCredentialsError.forThisSignIn();
      user.logIn(now);
      generation = user.generation;
    });
    return { userId: userId!, generation };
  }
}
