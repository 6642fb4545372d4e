import { IsUsername } from '../../names.validation.js';

export class ChangeUsernameDto {
  @IsUsername()
  username: string;
}
