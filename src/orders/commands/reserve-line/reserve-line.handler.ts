import { AggregateRepository } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Order } from '../../domain/order.aggregate.js';
import { ReserveLineCommand } from './reserve-line.command.js';

@CommandHandler(ReserveLineCommand)
export class ReserveLineHandler implements ICommandHandler<ReserveLineCommand> {
  constructor(private readonly aggregates: AggregateRepository) {}

  execute({ orderId, line }: ReserveLineCommand): Promise<{ orderId: string }> {
    return this.aggregates.update(Order, orderId, (order) => order.reserveLine(line), { result: { orderId } });
  }
}
