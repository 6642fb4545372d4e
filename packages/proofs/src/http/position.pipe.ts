import { ValidationFailedError } from '@leftfold/http';
import { Injectable, type PipeTransform } from '@nestjs/common';

const DIGITS = /^[1-9]\d{0,15}$/;

/** For `@Param('position', PositionPipe)`: a position, from 1. */
@Injectable()
export class PositionPipe implements PipeTransform<string, number> {
  transform(value: string): number {
    if (DIGITS.test(value) && Number.isSafeInteger(Number(value))) return Number(value);
    throw ValidationFailedError.ofField('position', 'position must be a whole number, from 1 on.');
  }
}
