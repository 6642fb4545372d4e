import { wholeNumber } from '@leftfold/http';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { EventFilterDto } from '../queries/event-filter.dto.js';

export class FollowEventsDto extends EventFilterDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    description: 'Position after which to begin. Last-Event-ID takes precedence. Default: the end of the log.',
  })
  @Transform(({ value }) => wholeNumber(value))
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly after?: number;
}
