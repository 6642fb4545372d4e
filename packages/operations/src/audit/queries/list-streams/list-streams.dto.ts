import { ListQuery } from '@leftfold/http';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { IsCategory } from '../is-category.js';

const PREFIX = /^[^\p{Cc}\p{Cs}]{1,255}$/u;

export class ListStreamsDto extends ListQuery {
  @IsCategory()
  readonly category?: string;

  @ApiPropertyOptional({ maxLength: 255, example: 'user-0189', description: 'The beginning of the names.' })
  @IsOptional()
  @Matches(PREFIX, { message: 'prefix must be given once, as 1 to 255 printable characters.' })
  readonly prefix?: string;
}
