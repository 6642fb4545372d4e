import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsString, Matches } from 'class-validator';

/** Most pieces of one product in one delivery. */
export const HIGHEST_QUANTITY = 1_000_000_000;

/** A SKU is part of paths and of stream names. */
const SKU = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** No control or format characters, no space at either end. */
const NAME = /^(?=.{1,200}$)[^\p{C}\s](?:[^\p{C}]*[^\p{C}\s])?$/u;

export function isSku(value: unknown): value is string {
  return typeof value === 'string' && SKU.test(value);
}

export const IsSku = () =>
  applyDecorators(
    ApiProperty({ example: 'MUG-BLUE', minLength: 1, maxLength: 64, pattern: SKU.source }),
    IsString(),
    Matches(SKU, { message: '$property must have 1 to 64 letters, digits, dots, hyphens and underscores' }),
  );

export const IsProductName = () =>
  applyDecorators(
    ApiProperty({ minLength: 1, maxLength: 200 }),
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value)),
    IsString(),
    Matches(NAME, { message: '$property must have 1 to 200 printable characters' }),
  );
