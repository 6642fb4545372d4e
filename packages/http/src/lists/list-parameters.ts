import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { wholeNumber } from './whole-number.js';

/** Items on a page when the caller sets no limit. */
export const DEFAULT_LIMIT = 50;
const HIGHEST_LIMIT = 200;

/** `?limit=` of every list. */
export const IsLimit = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: HIGHEST_LIMIT, default: DEFAULT_LIMIT }),
    Transform(({ value }) => wholeNumber(value)),
    Max(HIGHEST_LIMIT),
    Min(1),
    IsInt(),
  );

/** `?after=` of lists of events, from 0. @param description what the number counts */
export const IsAfter = (description: string): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ type: 'integer', minimum: 0, default: 0, description }),
    Transform(({ value }) => wholeNumber(value)),
    Max(Number.MAX_SAFE_INTEGER),
    Min(0),
    IsInt(),
  );
