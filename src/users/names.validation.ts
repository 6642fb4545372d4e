import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsEmail, IsString, Matches, MaxLength } from 'class-validator';

/** No control or format characters, no space at either end. */
const USERNAME = /^[^\p{C}\s](?:[^\p{C}]*[^\p{C}\s])?$/u;

const Trimmed = () => Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));

export const IsUsername = () =>
  applyDecorators(
    ApiProperty({ minLength: 1, maxLength: 64 }),
    Trimmed(),
    IsString(),
    MaxLength(64),
    Matches(USERNAME, { message: '$property must have 1 to 64 printable characters' }),
  );

export const IsEmailAddress = () =>
  applyDecorators(ApiProperty({ format: 'email', maxLength: 254 }), Trimmed(), MaxLength(254), IsEmail());
