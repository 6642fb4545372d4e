import { AggregateRepository } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EndedLines } from '../../domain/ended-lines.js';
import { Product } from '../../domain/product.aggregate.js';
import { DispatchStockCommand } from './dispatch-stock.command.js';

@CommandHandler(DispatchStockCommand)
export class DispatchStockHandler implements ICommandHandler<DispatchStockCommand> {
  constructor(
    private readonly aggregates: AggregateRepository,
    private readonly endedLines: EndedLines,
  ) {}

  execute({ sku, orderId, line }: DispatchStockCommand): Promise<{ sku: string }> {
    const place = { orderId, line };
    return this.aggregates.update(
      Product,
      sku,
      async (product) => product.dispatch(place, await this.endedLines.find(product, place)),
      { result: { sku } },
    );
  }
}
