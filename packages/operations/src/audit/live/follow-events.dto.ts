import { wholeNumber } from '@leftfold/http';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { EventFilterDto } from '../queries/event-filter.dto.js';

export class FollowEventsDto extends EventFilterDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    description: 'Position after which to begin, unless Last-Event-ID says it; the end of the log when left out.',
  })
  @Transform(({ value }) => wholeNumber(value))
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly after?: number;
}
