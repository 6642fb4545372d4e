import { DependencyAwayError } from '@leftfold/core';

/**
 * The log is not the one that was sealed: it was restored from an older backup, or its rows were changed. Nothing is signed
 * until an operator declares a new origin.
 */
export class OtherHistoryError extends DependencyAwayError {
  constructor(why: string) {
    super(
      `${why} It may have been restored from an older backup. Nothing is signed until you bring back the newer log, or declare a new origin with "leftfold proofs new-origin".`,
    );
  }
}

/** Another program has changed the row of the tree. The next attempt reads it again. */
export class TreeChangedError extends Error {
  constructor() {
    super('Another program has changed the row of the tree meanwhile. It is read again.');
    this.name = 'TreeChangedError';
  }
}
