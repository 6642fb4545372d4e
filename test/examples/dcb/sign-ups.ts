import {
  DecisionModel,
  decisionModel,
  Decisions,
  DomainEvent,
  exactly,
  ExpectedError,
  type ModelParticipant,
} from '@leftfold/core';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

// A person signs up with an address and confirms it with the code that was sent there: once, within an hour.

@DomainEvent('sign-ups.sign-up-initiated', {
  tags: ({ email, code }: SignUpInitiated) => ({ code: exactly(code), email }),
})
export class SignUpInitiated {
  declare readonly type: 'sign-ups.sign-up-initiated';
  constructor(
    readonly email: string,
    readonly code: string,
    readonly name: string,
    readonly initiatedAt: string,
  ) {}
}

@DomainEvent('sign-ups.sign-up-confirmed', {
  tags: ({ email, code }: SignUpConfirmed) => ({ code: exactly(code), email }),
})
export class SignUpConfirmed {
  declare readonly type: 'sign-ups.sign-up-confirmed';
  constructor(
    readonly email: string,
    readonly code: string,
    readonly name: string,
  ) {}
}

export class SignUpError extends ExpectedError {
  readonly kind = 'broken-rule';

  constructor(readonly code: 'unknown' | 'used' | 'expired') {
    super(`The code is ${code}.`);
  }
}

/** How long a code is valid, in ms. */
const VALID_FOR = 60 * 60 * 1000;

/** The sign-up that belongs to an address and a code. */
@DecisionModel({ events: [SignUpInitiated, SignUpConfirmed] })
export class PendingSignUp {
  private initiated: SignUpInitiated | undefined;
  private isUsed = false;

  /** A code keeps its case. The code is the rarer tag, so it comes first. */
  static of(email: string, code: string): ModelParticipant<PendingSignUp> {
    return decisionModel(PendingSignUp, { code: exactly(code), email });
  }

  evolve(event: SignUpInitiated | SignUpConfirmed): void {
    if (event.type === 'sign-ups.sign-up-initiated') this.initiated = event;
    else this.isUsed = true;
  }

  /**
   * The name that was given with the address.
   * @throws SignUpError
   */
  nameAt(now: Date): string {
    if (!this.initiated) throw new SignUpError('unknown');
    if (this.isUsed) throw new SignUpError('used');
    if (now.getTime() - Date.parse(this.initiated.initiatedAt) > VALID_FOR) throw new SignUpError('expired');
    return this.initiated.name;
  }
}

export class InitiateSignUpCommand extends Command<void> {
  constructor(
    readonly email: string,
    readonly code: string,
    readonly name: string,
    readonly now: Date,
  ) {
    super();
  }
}

export class ConfirmSignUpCommand extends Command<{ name: string }> {
  constructor(
    readonly email: string,
    readonly code: string,
    readonly now: Date,
  ) {
    super();
  }
}

@CommandHandler(InitiateSignUpCommand)
class InitiateSignUpHandler implements ICommandHandler<InitiateSignUpCommand> {
  constructor(private readonly decisions: Decisions) {}

  execute({ email, code, name, now }: InitiateSignUpCommand): Promise<void> {
    return this.decisions.decide({}, (_, changes) => {
      changes.append(`sign_up-${code}`, new SignUpInitiated(email, code, name, now.toISOString()));
    });
  }
}

@CommandHandler(ConfirmSignUpCommand)
class ConfirmSignUpHandler implements ICommandHandler<ConfirmSignUpCommand> {
  constructor(private readonly decisions: Decisions) {}

  execute({ email, code, now }: ConfirmSignUpCommand): Promise<{ name: string }> {
    return this.decisions.decide({ signUp: PendingSignUp.of(email, code) }, ({ signUp }, changes) => {
      const name = signUp.nameAt(now);
      changes.append(`sign_up-${code}`, new SignUpConfirmed(email, code, name));
      return { name };
    });
  }
}

export const SIGN_UPS = {
  feature: { events: [SignUpInitiated, SignUpConfirmed], decisionModels: [PendingSignUp] },
  handlers: [InitiateSignUpHandler, ConfirmSignUpHandler],
};
