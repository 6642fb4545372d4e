import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsObject,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

const MOST_LINES = 50;
const HIGHEST_QUANTITY = 10_000;
/** Accepts what the inventory accepts as a SKU; whether the product exists is checked later. */
const SKU = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export class OrderLineDto {
  @ApiProperty({ example: 'MUG-BLUE', minLength: 1, maxLength: 64, pattern: SKU.source })
  @Matches(SKU, { message: '$property must have 1 to 64 letters, digits, dots, hyphens and underscores' })
  sku: string;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: HIGHEST_QUANTITY })
  @IsInt()
  @Min(1)
  @Max(HIGHEST_QUANTITY)
  quantity: number;
}

export class PlaceOrderDto {
  @ApiProperty({ type: [OrderLineDto], minItems: 1, maxItems: MOST_LINES })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_LINES)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => OrderLineDto)
  lines: OrderLineDto[];
}
