import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsISO4217CurrencyCode, Max, Min } from 'class-validator';
import type { Money } from './money.js';

/** Keeps products and sums within the safe integers. */
const HIGHEST_AMOUNT = 1_000_000_000;

export class MoneyDto implements Money {
  @ApiProperty({ type: 'integer', minimum: 0, maximum: HIGHEST_AMOUNT, description: 'In minor units, such as cents.' })
  @IsInt()
  @Min(0)
  @Max(HIGHEST_AMOUNT)
  amount: number;

  @ApiProperty({ example: 'EUR', description: 'ISO 4217.' })
  @IsISO4217CurrencyCode()
  currency: string;
}
