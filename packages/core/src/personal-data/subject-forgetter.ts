/** What is asked for when somebody is to be forgotten. */
export interface ForgettingRequest {
  readonly subject: string;
  /** Why, for the log. It must not be personal itself. */
  readonly reason: string;
}

/**
 * How the application forgets a subject: it appends the event that says so. An application provides it, so that the command
 * line can forget somebody.
 */
export abstract class SubjectForgetter {
  /**
   * @returns the position of the event
   * @throws ExpectedError when the subject does not exist, or can't be forgotten
   */
  abstract forget(request: ForgettingRequest): Promise<number>;
}
