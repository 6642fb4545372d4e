import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { IsCurrentPassword } from '../../password.validation.js';

/** Refuses only what can't be a password or address. Everything else that is wrong gets `wrong-credentials`. */
export class SignInDto {
  @ApiProperty({ format: 'email', maxLength: 254 })
  @IsString()
  @MaxLength(254)
  email: string;

  @IsCurrentPassword()
  password: string;
}
