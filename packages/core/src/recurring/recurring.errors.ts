import { ExpectedError } from '../errors.js';

/** There is no recurring job with that name. */
export class RecurringJobNotFoundError extends ExpectedError {
  readonly code = 'recurring-job-not-found';
  readonly kind = 'not-found';

  constructor(name: string) {
    super(`There is no recurring job "${name}".`);
  }
}

/** The job is stored, but no command class of this program declares it any more. */
export class RecurringJobGoneError extends ExpectedError {
  readonly code = 'recurring-job-gone';
  readonly kind = 'broken-rule';

  constructor(name: string) {
    super(
      `No class of this program has the recurring job "${name}" any more, so it does not run. ` +
        `Deploy a version that has it.`,
    );
  }
}
