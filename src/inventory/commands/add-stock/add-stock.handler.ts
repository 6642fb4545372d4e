import { AggregateRepository } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Product } from '../../domain/product.aggregate.js';
import { AddStockCommand } from './add-stock.command.js';

@CommandHandler(AddStockCommand)
export class AddStockHandler implements ICommandHandler<AddStockCommand> {
  constructor(private readonly aggregates: AggregateRepository) {}

  execute({ sku, quantity }: AddStockCommand): Promise<{ sku: string }> {
    return this.aggregates.update(Product, sku, (product) => product.addStock(quantity), { result: { sku } });
  }
}
