import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { validate } from 'uuid';
import { ValidationFailedError } from '../problems/validation-failed.error.js';

/** For `@Param('userId', UuidParam)`: a UUID, converted to lower case. */
@Injectable()
export class UuidParam implements PipeTransform<string, string> {
  transform(value: string, { data = 'id' }: ArgumentMetadata): string {
    if (validate(value)) return value.toLowerCase();
    throw ValidationFailedError.ofField(data, `${data} must be a UUID.`);
  }
}
