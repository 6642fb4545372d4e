import { DecisionModel, decisionModel, Decisions, DomainEvent, EventSourcingModule } from '@leftfold/core';
import type { ModuleMetadata } from '@nestjs/common';

@DomainEvent('invoices.invoice-issued')
export class InvoiceIssued {
  declare readonly type: 'invoices.invoice-issued';
  constructor(
    readonly number: number,
    readonly customerId: string,
  ) {}
}

/** The number of the last invoice: numbers have no gaps. See docs/how-to/number-without-gaps.md. */
@DecisionModel({ events: [InvoiceIssued], lastEventOnly: true })
export class InvoiceNumbers {
  last = 0;

  evolve({ number }: InvoiceIssued): void {
    this.last = number;
  }
}

export const INVOICES: ModuleMetadata = {
  imports: [EventSourcingModule.forFeature({ events: [InvoiceIssued], decisionModels: [InvoiceNumbers] })],
};

/** Returns its number. */
export function issueInvoice(decisions: Decisions, customerId: string): Promise<number> {
  return decisions.decide({ numbers: decisionModel(InvoiceNumbers) }, ({ numbers }, changes) => {
    const number = numbers.last + 1;
    changes.append(`invoice-${number}`, new InvoiceIssued(number, customerId));
    return number;
  });
}
