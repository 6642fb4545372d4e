import { ExpectedError } from '../../errors.js';

export class BackupExistsError extends ExpectedError {
  readonly code = 'backup-there';
  readonly kind = 'broken-rule';

  constructor(file: string) {
    super(`There is a file ${file} already, and a backup replaces nothing. Name another folder.`);
  }
}

export class BackupFailedError extends ExpectedError {
  readonly code = 'backup-failed';
  readonly kind = 'unavailable';

  constructor(file: string, why: string, options?: ErrorOptions) {
    super(`${file} could not be copied, and nothing was left behind: ${why.replace(/\.?$/, '.')}`, options);
  }
}
