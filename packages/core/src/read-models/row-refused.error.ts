/** A `ReadModel` was given a row or a key that the table can't hold. Handling of the event fails with this error. */
export class RowRefusedError extends Error {
  constructor(entity: string, property: string, reason: string, cause?: unknown) {
    super(`${entity}.${property} ${reason}.`, { cause });
    this.name = 'RowRefusedError';
  }
}
