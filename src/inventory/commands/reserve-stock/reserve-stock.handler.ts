import { AggregateRepository } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Product } from '../../domain/product.aggregate.js';
import { ReserveStockCommand } from './reserve-stock.command.js';

@CommandHandler(ReserveStockCommand)
export class ReserveStockHandler implements ICommandHandler<ReserveStockCommand> {
  constructor(private readonly aggregates: AggregateRepository) {}

  execute({ sku, orderId, line, quantity }: ReserveStockCommand): Promise<{ sku: string }> {
    return this.aggregates.update(Product, sku, (product) => product.reserve({ orderId, line }, quantity), {
      result: { sku },
    });
  }
}
