import { ExpectedError } from '@leftfold/core';

/** This process finishes what it has begun, and takes on nothing new. */
export class ShuttingDownError extends ExpectedError {
  readonly code = 'busy';
  readonly kind = 'unavailable';
  override readonly retryAfter = 1;

  constructor() {
    super('This server is stopping. Ask again; another one will answer.');
  }
}
