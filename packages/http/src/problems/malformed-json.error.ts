import { ExpectedError } from '@leftfold/core';

/** The body is not JSON text in UTF-8. */
export class MalformedJsonError extends ExpectedError {
  readonly code = 'malformed-json';
  readonly kind = 'invalid';

  static becauseItIsEmpty(): MalformedJsonError {
    return new MalformedJsonError('The body is empty. Send a JSON object, or leave out the Content-Type.');
  }

  static becauseOfItsEncoding(): MalformedJsonError {
    return new MalformedJsonError('The body is not encoded in UTF-8.');
  }

  static becauseItCannotBeParsed(): MalformedJsonError {
    return new MalformedJsonError('The body is not JSON.');
  }

  static becauseItIsIncomplete(): MalformedJsonError {
    return new MalformedJsonError('The body is shorter or longer than its Content-Length.');
  }
}
