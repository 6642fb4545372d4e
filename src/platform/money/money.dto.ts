import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsISO4217CurrencyCode, Matches, Max, Min } from 'class-validator';
import type { Money } from './money.js';

/** Keeps products and sums within the safe integers. */
const HIGHEST_AMOUNT = 1_000_000_000;

export class MoneyDto implements Money {
  @ApiProperty({ type: 'integer', minimum: 0, maximum: HIGHEST_AMOUNT, description: 'In minor units, such as cents.' })
  @IsInt()
  @Min(0)
  @Max(HIGHEST_AMOUNT)
  amount: number;

  @ApiProperty({ example: 'EUR', pattern: '^[A-Z]{3}$', description: 'ISO 4217.' })
  @IsISO4217CurrencyCode()
  // The rule above takes "eur", too, which would be another currency than "EUR".
  @Matches(/^[A-Z]{3}$/, { message: 'currency must be in capital letters, such as EUR.' })
  currency: string;
}
