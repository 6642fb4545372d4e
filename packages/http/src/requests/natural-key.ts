import { normaliseId } from '@leftfold/core';
import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsString, Length, Matches } from 'class-validator';

/** Longest natural key, in UTF-16 code units. A stream's name has room for it and 54 characters of the category. */
export const LONGEST_KEY = 200;

const REFUSAL = `$property must have 1 to ${LONGEST_KEY} printable characters`;
const KEY = /^[^\p{Cc}\p{Cs}]+$/u;

/** The key in Unicode normal form C; undefined when it is empty, longer than 200, or has unprintable characters. */
export function naturalKey(value: string): string | undefined {
  const key = normaliseId(value);
  return key.length <= LONGEST_KEY && KEY.test(key) ? key : undefined;
}

/**
 * A natural key in a body: 1 to 200 printable characters of any script, with blanks and slashes. It is converted to
 * Unicode normal form C, so that a key is the same however its letters are composed.
 */
export function IsNaturalKey(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ minLength: 1, maxLength: LONGEST_KEY }),
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.normalize('NFC') : value)),
    IsString(),
    Length(1, LONGEST_KEY, { message: REFUSAL }),
    Matches(KEY, { message: REFUSAL }),
  );
}
