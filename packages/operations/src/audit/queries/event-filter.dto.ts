import type { EventFilter, EventRegistry } from '@leftfold/core';
import { IsMoment } from '@leftfold/http';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches, Validate, ValidatorConstraint } from 'class-validator';
import type { ValidationArguments, ValidatorConstraintInterface } from 'class-validator';
import { IsCategory } from './is-category.js';

const TYPE = /^[\x21-\x7e]{1,200}$/;
export const LABEL = /^[^\p{Cc}\p{Cs}]{1,255}$/u;

const LABEL_WANTED = { message: '$property must be given once, as 1 to 255 printable characters.' };

@ValidatorConstraint({ name: 'isNoLaterThanTo' })
class IsNoLaterThanTo implements ValidatorConstraintInterface {
  validate(from: string, context?: ValidationArguments): boolean {
    const filter: EventFilterDto | undefined = context?.object;
    // With an invalid `to` this compares to NaN, so only `to` is refused.
    return filter?.to === undefined || !(Date.parse(from) > Date.parse(filter.to));
  }

  defaultMessage(): string {
    return 'from must not be later than to: swap them.';
  }
}

/** Filters for events; an event must match all of them. A value that no event can have is refused. */
export class EventFilterDto {
  @ApiPropertyOptional({ maxLength: 200, example: 'users.user-registered', description: 'A stored event type.' })
  @IsOptional()
  @Matches(TYPE, { message: 'type must be one stored event type, such as users.user-registered.' })
  readonly type?: string;

  @IsCategory()
  readonly category?: string;

  @ApiPropertyOptional({ maxLength: 255, description: 'A user id, anonymous, cli, system, or saga:<name>.' })
  @IsOptional()
  @Matches(LABEL, LABEL_WANTED)
  readonly actor?: string;

  @ApiPropertyOptional({ maxLength: 255, description: 'Id shared by one request and everything that follows from it.' })
  @IsOptional()
  @Matches(LABEL, LABEL_WANTED)
  readonly correlationId?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Recorded at this time or later.' })
  @IsOptional()
  @Validate(IsNoLaterThanTo)
  @IsMoment()
  readonly from?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Recorded at this time or earlier.' })
  @IsOptional()
  @IsMoment()
  readonly to?: string;
}

/** @param events the event classes: a type stands for all names under which events of its class are stored */
export function filterOf(
  { type, category, actor, correlationId, from, to }: EventFilterDto,
  events: EventRegistry,
): EventFilter {
  return {
    ...(type === undefined ? {} : { types: events.namesOf(type) }),
    ...(category === undefined ? {} : { category }),
    ...(actor === undefined ? {} : { actor }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(from === undefined ? {} : { from: new Date(from) }),
    ...(to === undefined ? {} : { to: new Date(to) }),
  };
}
