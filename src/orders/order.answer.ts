import { ApiProperty } from '@nestjs/swagger';
import { MoneyAnswer } from '../platform/money/money.answer.js';
import { ORDER_STATUSES, type OrderStatus } from './domain/order-status.js';
import type { OrderView } from './read-models/order-view/order-view.entity.js';

class OrderLineAnswer {
  @ApiProperty({ example: 'MUG-BLUE' })
  readonly sku: string;

  @ApiProperty({ type: 'integer' })
  readonly quantity: number;

  @ApiProperty({ type: MoneyAnswer, description: 'The price when it was ordered.' })
  readonly unitPrice: MoneyAnswer;
}

/** An order as the API shows it. */
export class OrderAnswer {
  @ApiProperty({ format: 'uuid' })
  readonly orderId: string;

  @ApiProperty({ format: 'uuid' })
  readonly customerId: string;

  @ApiProperty({ enum: ORDER_STATUSES })
  readonly status: OrderStatus;

  @ApiProperty({ type: String, nullable: true, description: 'Why it was rejected or cancelled.' })
  readonly reason: string | null;

  @ApiProperty({ type: [OrderLineAnswer] })
  readonly lines: readonly OrderLineAnswer[];

  @ApiProperty({ type: MoneyAnswer })
  readonly total: MoneyAnswer;

  @ApiProperty({ format: 'date-time' })
  readonly placedAt: string;

  @ApiProperty({ type: 'integer', description: 'Version of the order, as ETag and If-Match name it.' })
  readonly version: number;
}

export function orderAnswer(view: OrderView): OrderAnswer {
  const { orderId, customerId, status, reason, lines, amount, currency, placedAt, version } = view;
  return { orderId, customerId, status, reason, lines, total: { amount, currency }, placedAt, version };
}

/** Its customer may have given one, and may be forgotten. */
export function isWithoutItsReason({ status, reason }: OrderAnswer): boolean {
  return status === 'cancelled' && reason === null;
}

export class OrderIdAnswer {
  @ApiProperty({ format: 'uuid' })
  readonly orderId: string;
}
