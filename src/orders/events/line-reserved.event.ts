import { DomainEvent } from '@leftfold/core';

/** Stock has been reserved for this line. */
@DomainEvent('orders.line-reserved')
export class LineReserved {
  declare readonly type: 'orders.line-reserved';

  constructor(
    readonly orderId: string,
    readonly line: number,
  ) {}
}
