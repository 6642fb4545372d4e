import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsRemark } from '../../../platform/http/is-remark.js';
import { IsCurrentPassword } from '../../password.validation.js';

/** One of the two: which one depends on who asks. */
export class ForgetUserDto {
  @ApiPropertyOptional({ description: 'Of the user, who asks.' })
  @IsOptional()
  @IsCurrentPassword()
  password?: string;

  @ApiPropertyOptional({ description: 'Of an operator. It is kept, so it must not name the user.' })
  @IsOptional()
  @IsRemark(500)
  reason?: string;
}
