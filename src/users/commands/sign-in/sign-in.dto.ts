import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { IsCurrentPassword } from '../../password.validation.js';

/** Only what can't be a password or address at all is refused here: whatever else is wrong is `wrong-credentials`. */
export class SignInDto {
  @ApiProperty({ format: 'email', maxLength: 254 })
  @IsString()
  @MaxLength(254)
  email: string;

  @IsCurrentPassword()
  password: string;
}
