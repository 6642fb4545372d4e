import { ExpectedError } from '@leftfold/core';

/** This process finishes the requests that it has begun and accepts no new ones. */
export class ShuttingDownError extends ExpectedError {
  readonly code = 'busy';
  readonly kind = 'unavailable';
  override readonly retryAfter = 1;

  constructor() {
    super('This server is shutting down. Send the request again.');
  }
}
