import { IsRemark } from '../../orders.validation.js';

export class PayOrderDto {
  @IsRemark(200)
  reference: string;
}
