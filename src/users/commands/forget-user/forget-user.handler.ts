import { Decisions, existing, MessageContext } from '@leftfold/core';
import { formatNote, Proofs } from '@leftfold/proofs';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AccessDirectory } from '../../../platform/auth/access-directory.js';
import { Credentials } from '../../credentials/credentials.js';
import { PasswordCheck } from '../../credentials/password-check.js';
import { Operators } from '../../domain/operators.js';
import { User } from '../../domain/user.aggregate.js';
import { WrongCredentialsError } from '../sign-in/sign-in.errors.js';
import { ForgetUserCommand, type ForgettingBy } from './forget-user.command.js';

@CommandHandler(ForgetUserCommand)
export class ForgetUserHandler implements ICommandHandler<ForgetUserCommand> {
  constructor(
    private readonly decisions: Decisions,
    private readonly passwords: PasswordCheck,
    private readonly credentials: Credentials,
    private readonly proofs: Proofs,
    private readonly access: AccessDirectory,
    private readonly context: MessageContext,
  ) {}

  async execute({ userId, by, now }: ForgetUserCommand): Promise<{ userId: string }> {
    const passwordId = await this.checked(userId, by, now);
    const before = await this.proofs.checkpoint();
    const checkpoint = before ? formatNote(before.note) : null;
    const participants = { user: existing(User, userId), operators: Operators.all() };
    const result = await this.decisions.decide(participants, ({ user, operators }) => {
      if (user.forgotten) return { userId };
      // The password may have changed since it was checked.
      if (passwordId !== undefined && user.passwordId !== passwordId) throw WrongCredentialsError.forThisSignIn();
      operators.refuseWithout(userId);
      user.forget('reason' in by ? by.reason : null, checkpoint);
      return { userId };
    });
    await this.context.afterStored(async () => {
      this.access.forget(userId);
      // If the process dies here, the side effect `users.erased-credentials` deletes them.
      await this.credentials.erase(userId);
    });
    return result;
  }

  /** @returns which of the user's passwords it is; undefined for an operator */
  private async checked(userId: string, by: ForgettingBy, now: Date): Promise<string | undefined> {
    if ('reason' in by) return undefined;
    return this.passwords.check({ account: userId, address: by.address, now }, userId, by.password);
  }
}
