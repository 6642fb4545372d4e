import { ExpectedError } from '../../errors.js';

/** The file can't be imported like this. The message says what to do. What was stored before stays. */
export class ImportRefusedError extends ExpectedError {
  readonly code = 'import-refused';
  readonly kind = 'broken-rule';

  static inLine(line: number, what: string): ImportRefusedError {
    return new ImportRefusedError(`Line ${line}: ${what}`);
  }
}
