import type { Forgetting } from '@leftfold/core';

/**
 * How the application forgets a subject again after a restored backup that is older than the forgetting: provide it, and
 * `personal-data replay` calls it for each subject whose event the log has lost.
 */
export abstract class ForgettingAgain {
  /**
   * Appends the event that forgets the subject, and does what the application does besides. A subject that is forgotten
   * already needs nothing.
   * @returns false when the restored log does not know the subject
   * @throws ExpectedError when a rule of the application refuses it; the command says so, and goes on with the others
   */
  abstract forget(lost: Forgetting): Promise<boolean>;
}
