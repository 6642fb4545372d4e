import {
  DecisionModel,
  decisionModel,
  Decisions,
  DomainEvent,
  ExpectedError,
  type ModelParticipant,
  normaliseTagValue,
} from '@leftfold/core';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

// A user name belongs to one account. Who changes it or closes the account releases it, after a while.

@DomainEvent('accounts.account-registered', { tags: ({ username }: AccountRegistered) => ({ username }) })
export class AccountRegistered {
  declare readonly type: 'accounts.account-registered';
  constructor(
    readonly accountId: string,
    readonly username: string,
  ) {}
}

@DomainEvent('accounts.username-changed', {
  tags: ({ username, previous }: UsernameChanged) => ({ username: [username, previous] }),
})
export class UsernameChanged {
  declare readonly type: 'accounts.username-changed';
  constructor(
    readonly accountId: string,
    readonly username: string,
    readonly previous: string,
    readonly changedAt: string,
  ) {}
}

@DomainEvent('accounts.account-closed', { tags: ({ username }: AccountClosed) => ({ username }) })
export class AccountClosed {
  declare readonly type: 'accounts.account-closed';
  constructor(
    readonly accountId: string,
    readonly username: string,
    readonly closedAt: string,
  ) {}
}

type AccountEvent = AccountRegistered | UsernameChanged | AccountClosed;

export class UsernameError extends ExpectedError {
  readonly kind = 'broken-rule';

  constructor(readonly code: 'taken' | 'not-yours') {
    super(`The user name is ${code}.`);
  }
}

/** How long a released name stays reserved, in ms. */
export const RETENTION = 3 * 24 * 60 * 60 * 1000;

/** Who holds a user name: the last event that names it claims it or releases it. */
@DecisionModel({ events: [AccountRegistered, UsernameChanged, AccountClosed], lastEventOnly: true })
export class UsernameHolder {
  private last: AccountEvent | undefined;

  static of(username: string): ModelParticipant<UsernameHolder> {
    return decisionModel(UsernameHolder, { username });
  }

  evolve(event: AccountEvent): void {
    this.last = event;
  }

  isHeldBy(accountId: string, username: string): boolean {
    return this.last?.accountId === accountId && this.releasedAt(username) === undefined;
  }

  /** Whether another account has the name, or had it within the retention. */
  isTakenFor(accountId: string, username: string, now: Date): boolean {
    if (!this.last || this.last.accountId === accountId) return false;
    const releasedAt = this.releasedAt(username);
    return releasedAt === undefined || now.getTime() - Date.parse(releasedAt) < RETENTION;
  }

  /** Undefined if the last event claims the name. */
  private releasedAt(username: string): string | undefined {
    const { last } = this;
    if (last?.type === 'accounts.account-closed') return last.closedAt;
    if (last?.type !== 'accounts.username-changed') return undefined;
    return normaliseTagValue(last.username) === normaliseTagValue(username) ? undefined : last.changedAt;
  }
}

export class RegisterAccountCommand extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly username: string,
    readonly now: Date,
  ) {
    super();
  }
}

export class ChangeUsernameCommand extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly username: string,
    readonly previous: string,
    readonly now: Date,
  ) {
    super();
  }
}

export class CloseAccountCommand extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly username: string,
    readonly now: Date,
  ) {
    super();
  }
}

@CommandHandler(RegisterAccountCommand)
class RegisterAccountHandler implements ICommandHandler<RegisterAccountCommand> {
  constructor(private readonly decisions: Decisions) {}

  execute({ accountId, username, now }: RegisterAccountCommand): Promise<void> {
    return this.decisions.decide({ name: UsernameHolder.of(username) }, ({ name }, changes) => {
      if (name.isTakenFor(accountId, username, now)) throw new UsernameError('taken');
      changes.append(`account-${accountId}`, new AccountRegistered(accountId, username));
    });
  }
}

@CommandHandler(ChangeUsernameCommand)
class ChangeUsernameHandler implements ICommandHandler<ChangeUsernameCommand> {
  constructor(private readonly decisions: Decisions) {}

  execute({ accountId, username, previous, now }: ChangeUsernameCommand): Promise<void> {
    const participants = { wanted: UsernameHolder.of(username), old: UsernameHolder.of(previous) };
    return this.decisions.decide(participants, ({ wanted, old }, changes) => {
      if (!old.isHeldBy(accountId, previous)) throw new UsernameError('not-yours');
      // An account may take its own former name back.
      if (wanted.isTakenFor(accountId, username, now)) throw new UsernameError('taken');
      changes.append(`account-${accountId}`, new UsernameChanged(accountId, username, previous, now.toISOString()));
    });
  }
}

@CommandHandler(CloseAccountCommand)
class CloseAccountHandler implements ICommandHandler<CloseAccountCommand> {
  constructor(private readonly decisions: Decisions) {}

  execute({ accountId, username, now }: CloseAccountCommand): Promise<void> {
    return this.decisions.decide({ name: UsernameHolder.of(username) }, ({ name }, changes) => {
      if (!name.isHeldBy(accountId, username)) throw new UsernameError('not-yours');
      changes.append(`account-${accountId}`, new AccountClosed(accountId, username, now.toISOString()));
    });
  }
}

export const USERNAMES = {
  feature: { events: [AccountRegistered, UsernameChanged, AccountClosed], decisionModels: [UsernameHolder] },
  handlers: [RegisterAccountHandler, ChangeUsernameHandler, CloseAccountHandler],
};
