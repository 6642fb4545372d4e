import { AggregateRepository } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EndedLines } from '../../domain/ended-lines.js';
import { Product } from '../../domain/product.aggregate.js';
import { ReserveStockCommand } from './reserve-stock.command.js';

@CommandHandler(ReserveStockCommand)
export class ReserveStockHandler implements ICommandHandler<ReserveStockCommand> {
  constructor(
    private readonly aggregates: AggregateRepository,
    private readonly endedLines: EndedLines,
  ) {}

  execute({ sku, orderId, line, quantity }: ReserveStockCommand): Promise<{ sku: string }> {
    const place = { orderId, line };
    return this.aggregates.update(
      Product,
      sku,
      async (product) => product.reserve(place, quantity, await this.endedLines.find(product, place)),
      { result: { sku } },
    );
  }
}
