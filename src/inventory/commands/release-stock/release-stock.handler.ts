import { AggregateRepository } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Product } from '../../domain/product.aggregate.js';
import { ReleaseStockCommand } from './release-stock.command.js';

@CommandHandler(ReleaseStockCommand)
export class ReleaseStockHandler implements ICommandHandler<ReleaseStockCommand> {
  constructor(private readonly aggregates: AggregateRepository) {}

  execute({ sku, orderId, line }: ReleaseStockCommand): Promise<{ sku: string }> {
    return this.aggregates.update(Product, sku, (product) => product.release({ orderId, line }), { result: { sku } });
  }
}
