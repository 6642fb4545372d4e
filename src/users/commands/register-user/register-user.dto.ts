import { ApiProperty } from '@nestjs/swagger';
import { Length } from 'class-validator';
import { IsEmailAddress, IsUsername } from '../../names.validation.js';

export class RegisterUserDto {
  @IsUsername()
  username: string;

  @IsEmailAddress()
  email: string;

  @ApiProperty({ format: 'password', minLength: 10, maxLength: 128 })
  @Length(10, 128)
  password: string;
}
