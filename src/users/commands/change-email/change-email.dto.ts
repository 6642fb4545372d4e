import { IsEmailAddress } from '../../names.validation.js';

export class ChangeEmailDto {
  @IsEmailAddress()
  email: string;
}
