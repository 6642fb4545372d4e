import { ExpectedError } from '@leftfold/core';

export class OrderNotFoundError extends ExpectedError {
  readonly code = 'order-not-found';
  readonly kind = 'not-found';

  static withId(id: string): OrderNotFoundError {
    return new OrderNotFoundError(`There is no order ${id}.`);
  }
}

/** The order's state does not allow this. */
export class OrderClosedError extends ExpectedError {
  readonly kind = 'broken-rule';

  constructor(
    readonly code: 'order-already-paid' | 'order-cancelled' | 'order-expired' | 'order-rejected',
    sentence: string,
  ) {
    super(sentence);
  }

  static becauseItIsPaid(): OrderClosedError {
    return new OrderClosedError('order-already-paid', 'The order is paid.');
  }

  static becauseItWasCancelled(): OrderClosedError {
    return new OrderClosedError('order-cancelled', 'The order was cancelled. Place another one.');
  }

  static becauseItHasExpired(): OrderClosedError {
    return new OrderClosedError('order-expired', 'The order was not paid in time. Place another one.');
  }

  static becauseItWasRejected(): OrderClosedError {
    return new OrderClosedError('order-rejected', 'The order was rejected. Place another one.');
  }
}

export class OrderNotAwaitingPaymentError extends ExpectedError {
  readonly code = 'order-not-awaiting-payment';
  readonly kind = 'broken-rule';

  static yet(): OrderNotAwaitingPaymentError {
    return new OrderNotAwaitingPaymentError('Stock is still being reserved for the order. Try again in a moment.');
  }
}

export class PaymentReferenceDiffersError extends ExpectedError {
  readonly code = 'payment-reference-differs';
  readonly kind = 'broken-rule';

  static becauseItIsPaid(): PaymentReferenceDiffersError {
    return new PaymentReferenceDiffersError('The order is paid under another reference.');
  }
}

export class UnknownProductError extends ExpectedError {
  readonly code = 'unknown-product';
  readonly kind = 'unprocessable';

  static withSku(sku: string): UnknownProductError {
    return new UnknownProductError(`There is no product ${sku}.`);
  }
}

export class MixedCurrenciesError extends ExpectedError {
  readonly code = 'mixed-currencies';
  readonly kind = 'unprocessable';

  static of(currencies: readonly string[]): MixedCurrenciesError {
    return new MixedCurrenciesError(
      `An order has one currency, and these products have ${currencies.join(' and ')}. Place an order for each.`,
    );
  }
}

/** The customer has ordered more lines within a minute than the limit allows. */
export class TooManyOrderLinesError extends ExpectedError {
  readonly code = 'too-many-requests';
  readonly kind = 'throttled';

  private constructor(override readonly retryAfter: number) {
    super('You have ordered too many lines lately. Wait, then try again, or order fewer lines at a time.');
  }

  /** @param ms until the customer may place the order */
  static of(ms: number): TooManyOrderLinesError {
    return new TooManyOrderLinesError(Math.max(1, Math.ceil(ms / 1_000)));
  }
}
