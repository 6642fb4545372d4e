import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';

const CATEGORY = /^[A-Za-z0-9_]{1,253}$/;

/** `?category=` of lists of events and of streams. */
export const IsCategory = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({
      maxLength: 253,
      example: 'user',
      description: 'The part of the stream name before the first hyphen: letters, digits and underscores.',
    }),
    IsOptional(),
    Matches(CATEGORY, { message: 'category must be the part of a stream name before the first hyphen, such as user.' }),
  );
