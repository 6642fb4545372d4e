import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { IsNewPassword } from '../../password.validation.js';

export class ResetPasswordDto {
  @ApiProperty({ maxLength: 200, description: 'From the mail.' })
  @IsString()
  @MaxLength(200)
  token: string;

  @IsNewPassword()
  newPassword: string;
}
