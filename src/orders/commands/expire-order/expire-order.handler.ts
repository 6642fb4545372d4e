import { AggregateRepository } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Order } from '../../domain/order.aggregate.js';
import { ExpireOrderCommand } from './expire-order.command.js';

@CommandHandler(ExpireOrderCommand)
export class ExpireOrderHandler implements ICommandHandler<ExpireOrderCommand> {
  constructor(private readonly aggregates: AggregateRepository) {}

  execute({ orderId }: ExpireOrderCommand): Promise<{ orderId: string }> {
    return this.aggregates.update(Order, orderId, (order) => order.expire(), { result: { orderId } });
  }
}
