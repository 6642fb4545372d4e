import { type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import type { ValidationError } from 'class-validator';
import { type FieldError, ValidationFailedError } from '../problems/validation-failed.error.js';
import { fieldPath } from './field-path.js';

/** A body can have thousands of unknown fields. The answer lists only this many. */
export const MOST_ERRORS = 50;
export const NO_SUCH_FIELD = 'There is no such field.';

/** Validates bodies and queries against their DTOs: every field must be known and valid. Nothing is converted unless the DTO asks for it. */
export function validationPipe(): ValidationPipe {
  return new RequestValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => new ValidationFailedError(fieldErrors(errors).slice(0, MOST_ERRORS)),
  });
}

/**
 * Most reads have no query. A class that once was valid without parameters stays so: only its fields are set to their
 * defaults from then on.
 */
class RequestValidationPipe extends ValidationPipe {
  private readonly validWithoutParameters = new WeakSet<object>();

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { type, metatype } = metadata;
    if (type !== 'query' || !metatype || !isEmptyObject(value)) return super.transform(value, metadata);
    if (this.validWithoutParameters.has(metatype)) return plainToInstance(metatype, {}, this.transformOptions);
    const query: unknown = await super.transform(value, metadata);
    if (query instanceof metatype) this.validWithoutParameters.add(metatype);
    return query;
  }
}

function isEmptyObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  for (const _ in value) return false;
  return true;
}

/**
 * One message for each field: that of its rule which was declared last, the uppermost in a class. There is what the field must be;
 * the others would say that a missing text is too long.
 */
export function fieldErrors(errors: readonly ValidationError[], parents: readonly string[] = []): FieldError[] {
  return errors.flatMap(({ property, constraints = {}, children = [] }) => {
    const path = [...parents, property];
    const own = Object.entries(constraints)
      .slice(-1)
      .map(([rule, message]) => ({
        field: fieldPath(path),
        message: rule === 'whitelistValidation' ? NO_SUCH_FIELD : message,
      }));
    return [...own, ...fieldErrors(children, path)];
  });
}
