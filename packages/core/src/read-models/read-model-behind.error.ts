import { ExpectedError } from '../errors.js';

/** The read models, or the log itself, did not reach the position within the time limit. */
export class ReadModelBehindError extends ExpectedError {
  readonly code = 'read-model-behind';
  readonly kind = 'unavailable';
  override readonly retryAfter = 1;

  constructor(position: number) {
    super(`Position ${position} has not been reached yet. Ask again.`);
  }
}
