import { ApiProperty } from '@nestjs/swagger';
import type { Money } from './money.js';

export class MoneyAnswer implements Money {
  @ApiProperty({ type: 'integer', description: 'In minor units, such as cents.' })
  readonly amount: number;

  @ApiProperty({ example: 'EUR', description: 'ISO 4217.' })
  readonly currency: string;
}
