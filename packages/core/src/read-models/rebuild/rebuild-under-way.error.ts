import { ExpectedError } from '../../errors.js';

/** A dry run has to wait for what is under way; a rebuild would join in. */
export class RebuildUnderWayError extends ExpectedError {
  readonly code = 'rebuild-under-way';
  readonly kind = 'broken-rule';

  constructor(name: string) {
    super(`"${name}" is being rebuilt already. Ask for the dry run when that is done.`);
  }
}
