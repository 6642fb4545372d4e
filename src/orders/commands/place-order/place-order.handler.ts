import { AggregateRepository } from '@leftfold/core';
import { CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { FindProductsQuery } from '../../../inventory/inventory.contract.js';
import type { OrderLine } from '../../domain/order-line.js';
import { Order } from '../../domain/order.aggregate.js';
import { MixedCurrenciesError, UnknownProductError } from '../../domain/order.errors.js';
import { OrderLinesLimit } from '../../limits/order-lines-limit.js';
import { PlaceOrderCommand } from './place-order.command.js';

@CommandHandler(PlaceOrderCommand)
export class PlaceOrderHandler implements ICommandHandler<PlaceOrderCommand> {
  constructor(
    private readonly aggregates: AggregateRepository,
    private readonly queries: QueryBus,
    private readonly limit: OrderLinesLimit,
  ) {}

  /** The prices come from the product view. They stay with the order when the inventory's prices change. */
  async execute(command: PlaceOrderCommand): Promise<{ orderId: string }> {
    const { orderId, customerId, lines, now } = command;
    await this.limit.admit(command);
    const priced = await this.price(lines);
    return this.aggregates.create(Order, Order.place(orderId, customerId, priced, now), { result: { orderId } });
  }

  private async price(lines: PlaceOrderCommand['lines']): Promise<OrderLine[]> {
    const skus = [...new Set(lines.map(({ sku }) => sku))];
    const products = new Map((await this.queries.execute(new FindProductsQuery(skus))).map((each) => [each.sku, each]));
    const priced = lines.map(({ sku, quantity }) => {
      const product = products.get(sku);
      if (!product) throw UnknownProductError.withSku(sku);
      return { sku, quantity, unitPrice: { amount: product.amount, currency: product.currency } };
    });
    const currencies = [...new Set(priced.map(({ unitPrice }) => unitPrice.currency))];
    if (currencies.length > 1) throw MixedCurrenciesError.of(currencies);
    return priced;
  }
}
