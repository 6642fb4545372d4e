import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { type FieldError, ValidationFailedError } from '../problems/validation-failed.error.js';
import { fieldPath } from './field-path.js';

/** A body can have thousands of unknown fields. The answer lists only this many. */
const MOST_ERRORS = 50;

/** Validates bodies and queries against their DTOs: every field must be known and valid. Nothing is converted unless the DTO asks for it. */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => new ValidationFailedError(fieldErrors(errors).slice(0, MOST_ERRORS)),
  });
}

export function fieldErrors(errors: readonly ValidationError[], parents: readonly string[] = []): FieldError[] {
  return errors.flatMap(({ property, constraints = {}, children = [] }) => {
    const path = [...parents, property];
    const own = Object.entries(constraints).map(([rule, message]) => ({
      field: fieldPath(path),
      message: rule === 'whitelistValidation' ? 'There is no such field.' : message,
    }));
    return [...own, ...fieldErrors(children, path)];
  });
}
