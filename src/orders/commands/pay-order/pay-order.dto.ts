import { IsRemark } from '../../../platform/http/is-remark.js';

export class PayOrderDto {
  @IsRemark(200)
  reference: string;
}
