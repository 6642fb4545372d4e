import { Aggregate, AggregateRoot, DomainEvent, ExpectedError } from '@leftfold/core';
import type { Payment } from '../contract.js';

@DomainEvent('accounts.payment-booked')
export class PaymentBooked implements Payment {
  declare readonly type: 'accounts.payment-booked';

  constructor(
    readonly accountId: string,
    readonly productId: string,
    readonly country: string,
    readonly month: number,
    readonly amount: number,
    readonly bookedAt: string,
    readonly note: string,
  ) {}

  static from({ accountId, productId, country, month, amount, bookedAt, note }: Payment): PaymentBooked {
    return new PaymentBooked(accountId, productId, country, month, amount, bookedAt, note);
  }
}

class AccountNotFoundError extends ExpectedError {
  readonly code = 'account-not-found';
  readonly kind = 'not-found';
}

/** Without snapshots, so that a load reads all of its events. */
@Aggregate({
  category: 'account',
  events: [PaymentBooked],
  notFound: (id) => new AccountNotFoundError(`There is no account ${id}.`),
})
export class Account extends AggregateRoot<PaymentBooked> {
  total = 0;

  book(payment: Payment): void {
    this.apply(PaymentBooked.from(payment));
  }

  protected evolve({ amount }: PaymentBooked): void {
    this.total += amount;
  }
}
