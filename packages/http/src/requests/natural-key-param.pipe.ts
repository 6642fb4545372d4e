import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { ValidationFailedError } from '../problems/validation-failed.error.js';
import { LONGEST_KEY, naturalKey } from './natural-key.js';

/** For `@Param('name', NaturalKeyParam)`: a natural key, converted to Unicode normal form C; see `IsNaturalKey`. */
@Injectable()
export class NaturalKeyParam implements PipeTransform<string, string> {
  transform(value: string, { data = 'id' }: ArgumentMetadata): string {
    const key = naturalKey(value);
    if (key !== undefined) return key;
    throw ValidationFailedError.ofField(data, `${data} must have 1 to ${LONGEST_KEY} printable characters.`);
  }
}
