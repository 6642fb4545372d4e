import { AggregateRepository } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Order } from '../../domain/order.aggregate.js';
import { PayOrderCommand } from './pay-order.command.js';

@CommandHandler(PayOrderCommand)
export class PayOrderHandler implements ICommandHandler<PayOrderCommand> {
  constructor(private readonly aggregates: AggregateRepository) {}

  execute({ orderId, reference }: PayOrderCommand): Promise<{ orderId: string }> {
    return this.aggregates.update(Order, orderId, (order) => order.pay(reference), { result: { orderId } });
  }
}
