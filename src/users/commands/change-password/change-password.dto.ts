import { IsCurrentPassword, IsNewPassword } from '../../password.validation.js';

export class ChangePasswordDto {
  @IsCurrentPassword()
  currentPassword: string;

  @IsNewPassword()
  newPassword: string;
}
