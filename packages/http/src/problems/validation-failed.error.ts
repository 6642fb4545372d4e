import { ExpectedError } from '@leftfold/core';

/** What is wrong with one field of a request. */
export interface FieldError {
  /** Path of the field in the body, such as `lines[0].sku`; or the name of a parameter or header. */
  readonly field: string;
  readonly message: string;
}

/** The request does not have the form that the contract asks for. */
export class ValidationFailedError extends ExpectedError {
  readonly code = 'validation-failed';
  readonly kind = 'invalid';

  constructor(readonly errors: readonly FieldError[]) {
    super('The request is not valid. "errors" lists what to change.');
  }

  static ofField(field: string, message: string): ValidationFailedError {
    return new ValidationFailedError([{ field, message }]);
  }
}
