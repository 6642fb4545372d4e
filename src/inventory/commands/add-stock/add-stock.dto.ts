import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { HIGHEST_QUANTITY } from '../../products.validation.js';

export class AddStockDto {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: HIGHEST_QUANTITY })
  @IsInt()
  @Min(1)
  @Max(HIGHEST_QUANTITY)
  quantity: number;
}
