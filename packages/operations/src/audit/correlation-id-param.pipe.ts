import { ValidationFailedError } from '@leftfold/http';
import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { LABEL } from './queries/event-filter.dto.js';

/** For `@Param('correlationId', CorrelationIdParam)`. */
@Injectable()
export class CorrelationIdParam implements PipeTransform<string, string> {
  transform(value: string, { data = 'correlationId' }: ArgumentMetadata): string {
    if (LABEL.test(value)) return value;
    throw ValidationFailedError.ofField(data, `${data} must have 1 to 255 printable characters.`);
  }
}
