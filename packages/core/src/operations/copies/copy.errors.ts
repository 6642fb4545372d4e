import { ExpectedError } from '../../errors.js';

/** A read model can't be copied like this. The message says what to do. */
export class CopyRefusedError extends ExpectedError {
  readonly code = 'copy-refused';
  readonly kind = 'broken-rule';
}
