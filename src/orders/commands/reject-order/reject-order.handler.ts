import { AggregateRepository } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Order } from '../../domain/order.aggregate.js';
import { RejectOrderCommand } from './reject-order.command.js';

@CommandHandler(RejectOrderCommand)
export class RejectOrderHandler implements ICommandHandler<RejectOrderCommand> {
  constructor(private readonly aggregates: AggregateRepository) {}

  execute({ orderId, reason }: RejectOrderCommand): Promise<{ orderId: string }> {
    return this.aggregates.update(Order, orderId, (order) => order.reject(reason), { result: { orderId } });
  }
}
