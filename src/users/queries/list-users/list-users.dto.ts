import { ListQuery } from '@leftfold/http';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';

/** No user has such a name, and a database refuses a NUL in a query. */
const NO_CONTROL = { pattern: /^\P{Cc}*$/u, message: '$property must have no control characters' };

export class ListUsersDto extends ListQuery {
  @ApiPropertyOptional({ description: 'Exactly this e-mail address, in any spelling.' })
  @IsOptional()
  @IsString()
  @Matches(NO_CONTROL.pattern, NO_CONTROL)
  @MaxLength(254)
  readonly email?: string;

  @ApiPropertyOptional({ description: 'Exactly this user name, in any spelling.' })
  @IsOptional()
  @IsString()
  @Matches(NO_CONTROL.pattern, NO_CONTROL)
  @MaxLength(64)
  readonly username?: string;
}
