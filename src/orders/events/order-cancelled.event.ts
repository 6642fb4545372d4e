import { DomainEvent } from '@leftfold/core';
import type { KeptLine } from '../domain/order-line.js';

/**
 * Reserved stock must be released. Since version 2 the reason is encrypted, because a person wrote it, and is absent once the
 * customer is forgotten.
 */
@DomainEvent('orders.order-cancelled', {
  version: 2,
  upcasters: { 1: (data) => ({ ...data, customerId: null }) },
  personal: [{ subject: ({ customerId }: OrderCancelled) => customerId!, fields: ['reason'] }],
})
export class OrderCancelled {
  declare readonly type: 'orders.order-cancelled';

  constructor(
    readonly orderId: string,
    /** Null in events of version 1, which are not encrypted. */
    readonly customerId: string | null,
    readonly reason: string | undefined,
    readonly lines: readonly KeptLine[],
  ) {}
}
