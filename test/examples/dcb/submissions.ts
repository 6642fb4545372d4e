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
import { v7 as uuidv7 } from 'uuid';

// A form carries a token that the client made up. Sent twice, it is stored once. The id is the server's.

@DomainEvent('submissions.form-submitted', {
  tags: ({ token }: FormSubmitted) => ({ submission: exactly(token) }),
})
export class FormSubmitted {
  declare readonly type: 'submissions.form-submitted';
  constructor(
    readonly formId: string,
    readonly token: string,
  ) {}
}

export class ResubmittedError extends ExpectedError {
  readonly code = 'resubmitted';
  readonly kind = 'broken-rule';
}

/** Whether a token was used. */
@DecisionModel({ events: [FormSubmitted], lastEventOnly: true })
export class TokenUse {
  isUsed = false;

  static of(token: string): ModelParticipant<TokenUse> {
    return decisionModel(TokenUse, { submission: exactly(token) });
  }

  evolve(): void {
    this.isUsed = true;
  }
}

export class SubmitFormCommand extends Command<{ formId: string }> {
  constructor(readonly token: string) {
    super();
  }
}

@CommandHandler(SubmitFormCommand)
class SubmitFormHandler implements ICommandHandler<SubmitFormCommand> {
  constructor(private readonly decisions: Decisions) {}

  execute({ token }: SubmitFormCommand): Promise<{ formId: string }> {
    const formId = uuidv7();
    return this.decisions.decide({ use: TokenUse.of(token) }, ({ use }, changes) => {
      if (use.isUsed) throw new ResubmittedError('This form was submitted already.');
      changes.append(`form-${formId}`, new FormSubmitted(formId, token));
      return { formId };
    });
  }
}

export const SUBMISSIONS = {
  feature: { events: [FormSubmitted], decisionModels: [TokenUse] },
  handlers: [SubmitFormHandler],
};
