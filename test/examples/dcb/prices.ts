import {
  DecisionModel,
  decisionModel,
  Decisions,
  DomainEvent,
  ExpectedError,
  type ModelParticipant,
} from '@leftfold/core';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

// A customer buys products at the prices that were shown. A former price stays valid for ten minutes.

@DomainEvent('prices.price-set', { tags: ({ productId }: PriceSet) => ({ product: productId }) })
export class PriceSet {
  declare readonly type: 'prices.price-set';
  constructor(
    readonly productId: string,
    readonly price: number,
    readonly setAt: string,
  ) {}
}

export interface CartItem {
  readonly productId: string;
  readonly price: number;
}

@DomainEvent('prices.products-ordered', {
  tags: ({ items }: ProductsOrdered) => ({ product: items.map(({ productId }) => productId) }),
})
export class ProductsOrdered {
  declare readonly type: 'prices.products-ordered';
  constructor(
    readonly orderId: string,
    readonly items: readonly CartItem[],
  ) {}
}

export class PriceGoneError extends ExpectedError {
  readonly code = 'price-gone';
  readonly kind = 'broken-rule';

  constructor(readonly productId: string) {
    super(`The price of ${productId} has changed.`);
  }
}

/** How long a former price stays valid, in ms. */
const GRACE = 10 * 60 * 1000;

/** The prices of a product, each until when it was the current one. */
@DecisionModel({ events: [PriceSet] })
export class Prices {
  private readonly all: { readonly price: number; until: number }[] = [];

  static of(productId: string): ModelParticipant<Prices> {
    return decisionModel(Prices, { product: productId });
  }

  evolve({ price, setAt }: PriceSet): void {
    const last = this.all.at(-1);
    if (last) last.until = Date.parse(setAt);
    this.all.push({ price, until: Infinity });
  }

  isValid(price: number, now: Date): boolean {
    return this.all.some((each) => each.price === price && now.getTime() - each.until <= GRACE);
  }
}

export class SetPriceCommand extends Command<void> {
  constructor(
    readonly productId: string,
    readonly price: number,
    readonly now: Date,
  ) {
    super();
  }
}

export class OrderProductsCommand extends Command<void> {
  constructor(
    readonly orderId: string,
    readonly items: readonly CartItem[],
    readonly now: Date,
  ) {
    super();
  }
}

@CommandHandler(SetPriceCommand)
class SetPriceHandler implements ICommandHandler<SetPriceCommand> {
  constructor(private readonly decisions: Decisions) {}

  execute({ productId, price, now }: SetPriceCommand): Promise<void> {
    return this.decisions.decide({}, (_, changes) => {
      changes.append(`product-${productId}`, new PriceSet(productId, price, now.toISOString()));
    });
  }
}

@CommandHandler(OrderProductsCommand)
class OrderProductsHandler implements ICommandHandler<OrderProductsCommand> {
  constructor(private readonly decisions: Decisions) {}

  execute({ orderId, items, now }: OrderProductsCommand): Promise<void> {
    const pricesOf = Object.fromEntries(items.map(({ productId }) => [productId, Prices.of(productId)]));
    return this.decisions.decide(pricesOf, (prices, changes) => {
      const gone = items.find(({ productId, price }) => !prices[productId]!.isValid(price, now));
      if (gone) throw new PriceGoneError(gone.productId);
      changes.append(`order-${orderId}`, new ProductsOrdered(orderId, items));
    });
  }
}

export const PRICES = {
  feature: { events: [PriceSet, ProductsOrdered], decisionModels: [Prices] },
  handlers: [SetPriceHandler, OrderProductsHandler],
};
