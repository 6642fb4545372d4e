import { Injectable, type PipeTransform } from '@nestjs/common';
import { ProductNotFoundError } from './domain/product.errors.js';
import { isSku } from './products.validation.js';

/** A text that can't be a SKU gets 404, as an unknown SKU does. */
@Injectable()
export class SkuParam implements PipeTransform<string, string> {
  transform(value: string): string {
    if (isSku(value)) return value;
    throw ProductNotFoundError.withSku(value);
  }
}
