import { IsString, MaxLength } from 'class-validator';

/** Only what can't be a password or address at all is refused here: whatever else is wrong is `wrong-credentials`. */
export class SignInDto {
  @IsString()
  @MaxLength(254)
  email: string;

  @IsString()
  @MaxLength(128)
  password: string;
}
