import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { wholeNumber } from '../../../platform/http/lists/whole-number.js';
import { EventFilterDto } from '../event-filter.dto.js';

export class ListEventsDto extends EventFilterDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 0, default: 0, description: 'Position after which to read.' })
  @Transform(({ value }) => wholeNumber(value))
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly after: number = 0;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 200, default: 50 })
  @Transform(({ value }) => wholeNumber(value))
  @IsInt()
  @Min(1)
  @Max(200)
  readonly limit: number = 50;
}
