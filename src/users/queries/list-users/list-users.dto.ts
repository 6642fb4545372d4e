import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { ListQuery } from '../../../platform/http/lists/list.query.js';

export class ListUsersDto extends ListQuery {
  @ApiPropertyOptional({ description: 'Exactly this e-mail address, in any spelling.' })
  @IsOptional()
  @IsString()
  @MaxLength(254)
  readonly email?: string;

  @ApiPropertyOptional({ description: 'Exactly this user name, in any spelling.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  readonly username?: string;
}
