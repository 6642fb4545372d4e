import { Aggregate, AggregateRoot, DomainEvent, ExpectedError, unreachable } from '@leftfold/core';

@DomainEvent('invoices.invoice-issued')
export class InvoiceIssued {
  declare readonly type: 'invoices.invoice-issued';
  constructor(
    readonly invoiceId: string,
    /** In cents. */
    readonly amount: number,
  ) {}
}

/** The provider has charged the customer. */
@DomainEvent('invoices.invoice-paid')
export class InvoicePaid {
  declare readonly type: 'invoices.invoice-paid';
  constructor(
    readonly invoiceId: string,
    readonly chargeId: string,
  ) {}
}

/** The provider has refused to charge the customer. */
@DomainEvent('invoices.charge-refused')
export class ChargeRefused {
  declare readonly type: 'invoices.charge-refused';
  constructor(
    readonly invoiceId: string,
    readonly reason: string,
  ) {}
}

export const INVOICE_EVENTS = [InvoiceIssued, InvoicePaid, ChargeRefused] as const;
type InvoiceEvent = InstanceType<(typeof INVOICE_EVENTS)[number]>;

export class InvoiceNotFoundError extends ExpectedError {
  readonly code = 'invoice-not-found';
  readonly kind = 'not-found';
}

/** What the provider answered. Both are results; an outage is none. */
export type ChargeResult =
  { readonly kind: 'charged'; readonly chargeId: string } | { readonly kind: 'refused'; readonly reason: string };

@Aggregate({
  category: 'invoice',
  events: INVOICE_EVENTS,
  notFound: (id) => new InvoiceNotFoundError(`There is no invoice ${id}.`),
})
export class Invoice extends AggregateRoot<InvoiceEvent> {
  static issue(id: string, amount: number): Invoice {
    const invoice = new Invoice(id);
    invoice.apply(new InvoiceIssued(id, amount));
    return invoice;
  }

  /** Records a fact from outside, so it never refuses. */
  recordCharge(result: ChargeResult): void {
    if (result.kind === 'charged') this.apply(new InvoicePaid(this.id, result.chargeId));
    else this.apply(new ChargeRefused(this.id, result.reason));
  }

  protected evolve(event: InvoiceEvent): void {
    switch (event.type) {
      case 'invoices.invoice-issued':
      case 'invoices.invoice-paid':
      case 'invoices.charge-refused':
        return;
      default:
        unreachable(event);
    }
  }
}
