import { EventLog, MessageContext } from '@leftfold/core';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../platform/config/settings.js';
import { TooManyOrderLinesError } from '../domain/order.errors.js';
import { LineAllowance } from './line-allowance.js';

/** Limits the lines that one customer may order on this node, because each line is work for the saga. */
@Injectable()
export class OrderLinesLimit {
  private readonly allowance: LineAllowance | undefined;

  constructor(
    { rateLimits, orderLinesPerMinute }: Settings,
    private readonly log: EventLog,
    private readonly context: MessageContext,
  ) {
    this.allowance = rateLimits ? new LineAllowance(orderLinesPerMinute) : undefined;
  }

  /**
   * Counts an order, also one that is refused later.
   * @throws TooManyOrderLinesError, unless it repeats an order that was placed
   */
  async admit(customerId: string, lines: number): Promise<void> {
    const wait = this.allowance?.take(customerId, lines, performance.now()) ?? 0;
    if (wait === 0) return;
    const { commandId } = this.context.origin;
    if (commandId !== undefined && (await this.log.findCommand(commandId))) return;
    throw TooManyOrderLinesError.of(wait);
  }
}
