import { ExpectedError } from '../../errors.js';

/** A dry run can't start while a rebuild is requested or running. */
export class RebuildUnderWayError extends ExpectedError {
  readonly code = 'rebuild-under-way';
  readonly kind = 'broken-rule';

  constructor(name: string) {
    super(`"${name}" is being rebuilt already. Ask for the dry run when that is done.`);
  }
}
