import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { ListQuery } from '../../../platform/http/lists/list.query.js';
import { ORDER_STATUSES, type OrderStatus } from '../../domain/order-status.js';

export class ListOrdersDto extends ListQuery {
  @ApiPropertyOptional({ enum: ORDER_STATUSES })
  @IsOptional()
  @IsIn(ORDER_STATUSES)
  readonly status?: OrderStatus;
}
