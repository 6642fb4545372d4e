import { Injectable, type PipeTransform } from '@nestjs/common';
import { ProductNotFoundError } from './domain/product.errors.js';
import { isSku } from './products.validation.js';

/** What can't be a SKU is the SKU of nothing. */
@Injectable()
export class SkuParam implements PipeTransform<string, string> {
  transform(value: string): string {
    if (isSku(value)) return value;
    throw ProductNotFoundError.withSku(value);
  }
}
