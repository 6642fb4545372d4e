import { IsRemark } from '../../../platform/http/is-remark.js';

export class CancelOrderDto {
  @IsRemark(500)
  reason: string;
}
