import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { DEFAULT_LIMIT, IsLimit } from './list-parameters.js';

const LONGEST_CURSOR = 2_000;

/** The query of every list. A list with filters adds them in a subclass. */
export class ListQuery {
  @IsLimit()
  readonly limit: number = DEFAULT_LIMIT;

  @ApiPropertyOptional({ description: 'nextCursor of the previous page.' })
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_CURSOR)
  readonly cursor?: string;
}
