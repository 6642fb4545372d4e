import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsString, Matches, MaxLength } from 'class-validator';

/** Printable, and not only blanks. */
const TEXT = /^[^\p{Cc}\p{Cs}]*[^\p{C}\s][^\p{Cc}\p{Cs}]*$/u;

/** A text from a person, or an id from another system. */
export const IsRemark = (longest: number) =>
  applyDecorators(
    ApiProperty({ minLength: 1, maxLength: longest }),
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value)),
    IsString(),
    MaxLength(longest),
    Matches(TEXT, { message: `$property must have 1 to ${longest} printable characters` }),
  );
