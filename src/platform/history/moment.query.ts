import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min, Validate, ValidatorConstraint } from 'class-validator';
import type { ValidationArguments, ValidatorConstraintInterface } from 'class-validator';
import type { Moment } from '../../event-sourcing/index.js';
import { wholeNumber } from '../http/lists/whole-number.js';

/** A day and a time with its zone, as RFC 3339 has it. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

const DAY_LENGTH = 'yyyy-mm-dd'.length;

/** `Date` takes the 30th of February for the 2nd of March. */
function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

@ValidatorConstraint({ name: 'isMoment' })
class IsMoment implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'string' && !Number.isNaN(Date.parse(value)) && isDay(value.slice(0, DAY_LENGTH));
  }

  defaultMessage(): string {
    return 'at must be a time in ISO 8601 with its zone, such as 2026-01-31T12:00:00Z.';
  }
}

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

/** `?version=3` or `?at=2026-01-31T12:00:00Z`: state as it was. */
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
  @Matches(DATE_TIME, { message: 'at must be a time in ISO 8601 with its zone, such as 2026-01-31T12:00:00Z.' })
  @Validate(IsMoment)
  readonly at?: string;
}

/** The moment that is asked for; undefined means now. */
export function momentOf({ version, at }: MomentQuery): Moment | undefined {
  if (version !== undefined) return { version };
  return at === undefined ? undefined : { at: new Date(at) };
}
