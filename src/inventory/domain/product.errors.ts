import { ExpectedError } from '@leftfold/core';

export class ProductNotFoundError extends ExpectedError {
  readonly code = 'product-not-found';
  readonly kind = 'not-found';

  static withSku(sku: string): ProductNotFoundError {
    return new ProductNotFoundError(`There is no product ${sku}.`);
  }
}

export class SkuTakenError extends ExpectedError {
  readonly code = 'sku-taken';
  readonly kind = 'broken-rule';

  static becauseThereIsOne(sku: string): SkuTakenError {
    return new SkuTakenError(`There is a product ${sku} already. Choose another SKU, or add stock to it.`);
  }
}

export class OutOfStockError extends ExpectedError {
  readonly code = 'out-of-stock';
  readonly kind = 'broken-rule';

  static of(sku: string, available: number): OutOfStockError {
    return new OutOfStockError(`Not enough of ${sku} in stock: ${available} left.`);
  }
}

export class NotReservedError extends ExpectedError {
  readonly code = 'not-reserved';
  readonly kind = 'broken-rule';

  static forLine(sku: string, orderId: string, line: number): NotReservedError {
    return new NotReservedError(`Nothing of ${sku} is reserved for line ${line} of order ${orderId}.`);
  }
}
