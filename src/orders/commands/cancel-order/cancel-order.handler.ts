import { AggregateRepository } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Order } from '../../domain/order.aggregate.js';
import { CancelOrderCommand } from './cancel-order.command.js';

@CommandHandler(CancelOrderCommand)
export class CancelOrderHandler implements ICommandHandler<CancelOrderCommand> {
  constructor(private readonly aggregates: AggregateRepository) {}

  execute({ orderId, reason }: CancelOrderCommand): Promise<{ orderId: string }> {
    return this.aggregates.update(Order, orderId, (order) => order.cancel(reason), { result: { orderId } });
  }
}
