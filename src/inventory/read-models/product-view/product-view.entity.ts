import { Column, Entity, PrimaryColumn } from 'typeorm';
import { wholeNumber } from '../../../platform/views/whole-number.js';

/** A row of the product view. */
@Entity('product_view')
export class ProductView {
  @PrimaryColumn({ type: 'text' })
  sku: string;

  @Column({ type: 'text' })
  name: string;

  /** Price of one piece, in minor units. */
  @Column({ type: 'bigint', transformer: wholeNumber })
  amount: number;

  @Column({ type: 'text' })
  currency: string;

  /** Pieces that can still be reserved. */
  @Column({ type: 'bigint', transformer: wholeNumber })
  available: number;

  /** Pieces that are reserved for open orders. */
  @Column({ type: 'bigint', transformer: wholeNumber })
  reserved: number;

  /** Version of the product's stream. */
  @Column({ type: 'integer' })
  version: number;
}
