import { ExpectedError } from '@leftfold/core';

export class StreamNotFoundError extends ExpectedError {
  readonly code = 'stream-not-found';
  readonly kind = 'not-found';

  static named(stream: string): StreamNotFoundError {
    return new StreamNotFoundError(`There is no stream ${stream}. Find its name in the list of GET /streams.`);
  }
}
