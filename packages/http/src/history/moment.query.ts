import type { Moment } from '@leftfold/core';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, Max, Min, Validate, ValidatorConstraint } from 'class-validator';
import type { ValidationArguments, ValidatorConstraintInterface } from 'class-validator';
import { wholeNumber } from '../lists/whole-number.js';
import { IsMoment } from './is-moment.js';

@ValidatorConstraint({ name: 'isAlone' })
class IsAlone implements ValidatorConstraintInterface {
  validate(_value: unknown, context?: ValidationArguments): boolean {
    const query: MomentQuery | undefined = context?.object;
    return query?.at === undefined;
  }

  defaultMessage(): string {
    return 'Ask for a version or for a time, not for both.';
  }
}

/** `?version=3` or `?at=2026-01-31T12:00:00Z`: a past state. */
export class MomentQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 0 })
  @Transform(({ value }) => wholeNumber(value))
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  @Validate(IsAlone)
  readonly version?: number;

  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @IsMoment()
  readonly at?: string;
}

/** Whether a request names a moment, valid or not. */
export function requestsPastState({ query }: { readonly query: unknown }): boolean {
  return typeof query === 'object' && query !== null && ('at' in query || 'version' in query);
}

/** The requested moment; undefined means now. */
export function momentOf({ version, at }: MomentQuery): Moment | undefined {
  if (version !== undefined) return { version };
  return at === undefined ? undefined : { at: new Date(at) };
}
