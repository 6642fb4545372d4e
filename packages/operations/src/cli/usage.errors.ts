/** The command line was typed wrongly. The message says what to type instead; nothing has been opened. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** What was asked for can't be done as things stand. The message is a sentence for whoever asked. */
export class CommandRefusedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CommandRefusedError';
  }
}
