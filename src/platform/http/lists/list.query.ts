import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { wholeNumber } from './whole-number.js';

const DEFAULT_LIMIT = 50;
const HIGHEST_LIMIT = 200;
const LONGEST_CURSOR = 2_000;

/** The query of every list. Filters are added in a subclass. */
export class ListQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: HIGHEST_LIMIT, default: DEFAULT_LIMIT })
  @Transform(({ value }) => wholeNumber(value))
  @IsInt()
  @Min(1)
  @Max(HIGHEST_LIMIT)
  readonly limit: number = DEFAULT_LIMIT;

  @ApiPropertyOptional({ description: 'nextCursor of the page before.' })
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_CURSOR)
  readonly cursor?: string;
}
