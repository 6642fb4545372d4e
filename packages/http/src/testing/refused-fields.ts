import type { Type } from '@nestjs/common';
import { ValidationFailedError } from '../problems/validation-failed.error.js';
import { validationPipe } from '../requests/validation.pipe.js';

/** The fields that validation refuses in a body or a query, by the rules of its DTO. */
export async function refusedFields(dto: Type, sent: object, type: 'body' | 'query' = 'body'): Promise<string[]> {
  try {
    await validationPipe().transform(sent, { type, metatype: dto });
    return [];
  } catch (error) {
    if (!(error instanceof ValidationFailedError)) throw error;
    return error.errors.map(({ field }) => field);
  }
}
