import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsEmail, IsString, Matches, MaxLength } from 'class-validator';

/** No control or format characters, no space at either end. */
const USERNAME = /^[^\p{C}\s](?:[^\p{C}]*[^\p{C}\s])?$/u;

const Trimmed = () => Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));

export const IsUsername = () =>
  applyDecorators(
    Trimmed(),
    IsString(),
    MaxLength(64),
    Matches(USERNAME, { message: '$property must have 1 to 64 printable characters' }),
  );

export const IsEmailAddress = () => applyDecorators(Trimmed(), MaxLength(254), IsEmail());
