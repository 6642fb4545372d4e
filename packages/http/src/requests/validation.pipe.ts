import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { type FieldError, ValidationFailedError } from '../problems/validation-failed.error.js';
import { fieldPath } from './field-path.js';

/** A body can have thousands of unknown fields; nobody reads more than these. */
const MOST_ERRORS = 50;

/** Checks bodies and queries against their DTOs: every field that is sent is known and valid, and nothing is converted unasked. */
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
