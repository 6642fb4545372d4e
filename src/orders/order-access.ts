import { AggregateRepository } from '@leftfold/core';
import { Injectable } from '@nestjs/common';
import type { SignedInUser } from '../platform/auth/signed-in-user.js';
import { Order } from './domain/order.aggregate.js';
import { OrderNotFoundError } from './domain/order.errors.js';

/** Customers see their own orders, operators see all. For anyone else an order does not exist. */
@Injectable()
export class OrderAccess {
  constructor(private readonly aggregates: AggregateRepository) {}

  /** Reads the log, so that a new order is found at once. */
  async check(caller: SignedInUser, orderId: string): Promise<void> {
    if (caller.roles.includes('operator')) return;
    const { customerId } = await this.aggregates.load(Order, orderId);
    refuseUnlessOwnerOrOperator(caller, customerId, orderId);
  }
}

export function refuseUnlessOwnerOrOperator(
  { userId, roles }: SignedInUser,
  customerId: string,
  orderId: string,
): void {
  if (customerId !== userId && !roles.includes('operator')) throw OrderNotFoundError.withId(orderId);
}
