/** A table has a property that a copy would lose. `reason` says which; the message adds what to do. */
export class UnrebuildableTableError extends Error {
  constructor(
    readonly table: string,
    readonly reason: string,
    remedy: string,
  ) {
    super(`The table "${table}" can't be rebuilt: ${reason}. ${remedy}`);
    this.name = 'UnrebuildableTableError';
  }

  static becauseItIsMissing(table: string): UnrebuildableTableError {
    return new UnrebuildableTableError(table, 'there is no such table', 'Write a migration that creates it.');
  }

  static becauseItsNameIsTooLong(table: string, limit: number): UnrebuildableTableError {
    const reason = `its name is longer than ${limit} bytes, and the table that is filled beside it needs a longer one`;
    return new UnrebuildableTableError(table, reason, 'Give it a shorter name.');
  }

  /** Another object depends on the table and would be lost with it. */
  static becauseItIsNotAlone(table: string, reason: string): UnrebuildableTableError {
    return new UnrebuildableTableError(table, reason, "Remove that; a read model's tables stand alone.");
  }
}
