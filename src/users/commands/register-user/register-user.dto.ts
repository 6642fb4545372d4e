import { IsEmailAddress, IsUsername } from '../../names.validation.js';
import { IsNewPassword } from '../../password.validation.js';

export class RegisterUserDto {
  @IsUsername()
  username: string;

  @IsEmailAddress()
  email: string;

  @IsNewPassword()
  password: string;
}
