import { EventLog, MessageContext } from '@leftfold/core';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../platform/config/settings.js';
import type { PlaceOrderCommand } from '../commands/place-order/place-order.command.js';
import { TooManyOrderLinesError } from '../domain/order.errors.js';
import { LineAllowance } from './line-allowance.js';

/** Limits the lines that one customer may order on this node, because each line is work for the saga. */
@Injectable()
export class OrderLinesLimit {
  private readonly allowance: LineAllowance | undefined;
  private readonly admitted = new WeakSet<PlaceOrderCommand>();

  constructor(
    { rateLimits, orderLinesPerMinute }: Settings,
    private readonly log: EventLog,
    private readonly context: MessageContext,
  ) {
    this.allowance = rateLimits ? new LineAllowance(orderLinesPerMinute) : undefined;
  }

  /**
   * Counts an order, also one that is refused later. It counts once when its handler runs again.
   * @throws TooManyOrderLinesError, unless it repeats an order that was placed
   */
  async admit(command: PlaceOrderCommand): Promise<void> {
    if (this.admitted.has(command)) return;
    const { customerId, lines } = command;
    const wait = this.allowance?.take(customerId, lines.length, performance.now()) ?? 0;
    if (wait > 0) {
      const { commandId } = this.context.origin;
      if (commandId === undefined || !(await this.log.findCommand(commandId))) throw TooManyOrderLinesError.of(wait);
    }
    this.admitted.add(command);
  }
}
