import { Length } from 'class-validator';
import { IsEmailAddress, IsUsername } from '../../names.validation.js';

export class RegisterUserDto {
  @IsUsername()
  username: string;

  @IsEmailAddress()
  email: string;

  @Length(10, 128)
  password: string;
}
