import { DecisionModel, decisionModel, Decisions, DomainEvent } from '@leftfold/core';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

// Invoices are numbered from 1, without gaps.

@DomainEvent('invoices.invoice-issued')
export class InvoiceIssued {
  declare readonly type: 'invoices.invoice-issued';
  constructor(
    readonly number: number,
    readonly customerId: string,
  ) {}
}

/** The number of the last invoice. */
@DecisionModel({ events: [InvoiceIssued], lastEventOnly: true })
export class InvoiceNumbers {
  last = 0;

  evolve({ number }: InvoiceIssued): void {
    this.last = number;
  }
}

export class IssueInvoiceCommand extends Command<{ number: number }> {
  constructor(readonly customerId: string) {
    super();
  }
}

@CommandHandler(IssueInvoiceCommand)
class IssueInvoiceHandler implements ICommandHandler<IssueInvoiceCommand> {
  constructor(private readonly decisions: Decisions) {}

  execute({ customerId }: IssueInvoiceCommand): Promise<{ number: number }> {
    return this.decisions.decide({ numbers: decisionModel(InvoiceNumbers) }, ({ numbers }, changes) => {
      const number = numbers.last + 1;
      changes.append(`invoice-${number}`, new InvoiceIssued(number, customerId));
      return { number };
    });
  }
}

export const INVOICES = {
  feature: { events: [InvoiceIssued], decisionModels: [InvoiceNumbers] },
  handlers: [IssueInvoiceHandler],
};
