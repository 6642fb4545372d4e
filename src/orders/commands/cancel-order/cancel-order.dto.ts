import { IsRemark } from '../../orders.validation.js';

export class CancelOrderDto {
  @IsRemark(500)
  reason: string;
}
