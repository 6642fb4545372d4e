import { AggregateRepository } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EndedLines } from '../../domain/ended-lines.js';
import { Product } from '../../domain/product.aggregate.js';
import { ReleaseStockCommand } from './release-stock.command.js';

@CommandHandler(ReleaseStockCommand)
export class ReleaseStockHandler implements ICommandHandler<ReleaseStockCommand> {
  constructor(
    private readonly aggregates: AggregateRepository,
    private readonly endedLines: EndedLines,
  ) {}

  execute({ sku, orderId, line }: ReleaseStockCommand): Promise<{ sku: string }> {
    const place = { orderId, line };
    return this.aggregates.update(
      Product,
      sku,
      async (product) => product.release(place, await this.endedLines.find(product, place)),
      { result: { sku } },
    );
  }
}
