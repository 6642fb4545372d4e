/** Wrong usage of the command line. The message says what to type instead. Nothing has been opened. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** The command can't be carried out in the current state. The message is a sentence for the user. */
export class CommandRefusedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CommandRefusedError';
  }
}
