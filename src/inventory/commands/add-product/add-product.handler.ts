import { AggregateExistsError, AggregateRepository } from '@leftfold/core';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Product } from '../../domain/product.aggregate.js';
import { SkuTakenError } from '../../domain/product.errors.js';
import { AddProductCommand } from './add-product.command.js';

@CommandHandler(AddProductCommand)
export class AddProductHandler implements ICommandHandler<AddProductCommand> {
  constructor(private readonly aggregates: AggregateRepository) {}

  async execute({ sku, name, unitPrice, stock }: AddProductCommand): Promise<{ sku: string }> {
    try {
      return await this.aggregates.create(Product, Product.add(sku, name, unitPrice, stock), { result: { sku } });
    } catch (error) {
      if (error instanceof AggregateExistsError) throw SkuTakenError.becauseThereIsOne(sku);
      throw error;
    }
  }
}
