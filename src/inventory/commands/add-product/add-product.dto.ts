import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, IsInt, IsObject, Max, Min, ValidateNested } from 'class-validator';
import { MoneyDto } from '../../../platform/money/money.dto.js';
import { HIGHEST_QUANTITY, IsProductName, IsSku } from '../../products.validation.js';

export class AddProductDto {
  @IsSku()
  sku: string;

  @IsProductName()
  name: string;

  @ApiProperty({ type: MoneyDto })
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => MoneyDto)
  unitPrice: MoneyDto;

  @ApiProperty({ type: 'integer', minimum: 0, maximum: HIGHEST_QUANTITY })
  @IsInt()
  @Min(0)
  @Max(HIGHEST_QUANTITY)
  stock: number;
}
