import { IsEmailAddress } from '../../names.validation.js';
import { IsCurrentPassword } from '../../password.validation.js';

export class ChangeEmailDto {
  @IsEmailAddress()
  email: string;

  @IsCurrentPassword()
  currentPassword: string;
}
