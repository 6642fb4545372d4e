import { ExpectedError } from '../../errors.js';

/** The log can't be exported like this. The message says what to do. */
export class ExportRefusedError extends ExpectedError {
  readonly code = 'export-refused';
  readonly kind = 'broken-rule';
}
