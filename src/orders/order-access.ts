import { AggregateRepository } from '@leftfold/core';
import { Injectable } from '@nestjs/common';
import { ForbiddenError } from '../platform/auth/auth.errors.js';
import type { SignedInUser } from '../platform/auth/signed-in-user.js';
import { Order } from './domain/order.aggregate.js';
import { OrderNotFoundError } from './domain/order.errors.js';

/** Customers see their own orders, operators and auditors see all. For anyone else an order does not exist. */
@Injectable()
export class OrderAccess {
  constructor(private readonly aggregates: AggregateRepository) {}

  /** Reads the log, so that a new order is found at once. */
  async check(caller: SignedInUser, orderId: string): Promise<void> {
    if (caller.operates) return;
    const { customerId } = await this.aggregates.load(Order, orderId);
    refuseUnlessOwnerOrOperator(caller, customerId, orderId);
  }
}

export function refuseUnlessOwnerOrOperator(caller: SignedInUser, customerId: string, orderId: string): void {
  if (caller.userId === customerId || caller.operates) return;
  // An auditor can see the order.
  if (caller.roles.includes('auditor')) throw ForbiddenError.becauseOfTheRole();
  throw OrderNotFoundError.withId(orderId);
}
