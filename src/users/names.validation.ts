import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsEmail, IsString, Matches, MaxLength, ValidateBy } from 'class-validator';
import { hasPlainDomain } from './domain/email-key.js';

/**
 * Characters that are invisible, or change how others are shown: control and format characters, characters without a glyph, line and
 * paragraph separators, spaces other than the common one, and the blank pattern of Braille.
 */
const UNSEEN = String.raw`\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000\u2800`;
/** No space at either end. */
const USERNAME = new RegExp(`^[^${UNSEEN}\\s](?:[^${UNSEEN}]*[^${UNSEEN}\\s])?$`, 'u');
const EMAIL = new RegExp(`^[^${UNSEEN}\\s]+$`, 'u');

const AT_AN_END = /^[ \t\r\n]+|[ \t\r\n]+$/g;

/** Trims common spaces only: `trim()` would remove characters that must be refused. */
const Trimmed = () =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.replaceAll(AT_AN_END, '') : value));

/** A domain in an unusual spelling would not be found by its usual one. */
const HasPlainDomain = () =>
  ValidateBy({
    name: 'hasPlainDomain',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && hasPlainDomain(value),
      defaultMessage: () => '$property must have a domain in its usual spelling',
    },
  });

export const IsUsername = () =>
  applyDecorators(
    ApiProperty({ minLength: 1, maxLength: 64 }),
    Trimmed(),
    IsString(),
    MaxLength(64),
    Matches(USERNAME, { message: '$property must have 1 to 64 printable characters' }),
  );

export const IsEmailAddress = () =>
  applyDecorators(
    ApiProperty({ format: 'email', maxLength: 254 }),
    Trimmed(),
    HasPlainDomain(),
    MaxLength(254),
    Matches(EMAIL, { message: '$property must have printable characters' }),
    IsEmail(),
  );
