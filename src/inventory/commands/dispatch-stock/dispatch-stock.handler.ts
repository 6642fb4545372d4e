import { AggregateRepository } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Product } from '../../domain/product.aggregate.js';
import { DispatchStockCommand } from './dispatch-stock.command.js';

@CommandHandler(DispatchStockCommand)
export class DispatchStockHandler implements ICommandHandler<DispatchStockCommand> {
  constructor(private readonly aggregates: AggregateRepository) {}

  execute({ sku, orderId, line }: DispatchStockCommand): Promise<{ sku: string }> {
    return this.aggregates.update(Product, sku, (product) => product.dispatch({ orderId, line }), { result: { sku } });
  }
}
