import { ExpectedError } from '@leftfold/core';

/** No signed checkpoint covers the position yet. */
export class NotSealedYetError extends ExpectedError {
  readonly code = 'not-sealed-yet';
  readonly kind = 'not-found';
  override readonly retryAfter = 1;

  constructor(position: number) {
    super(`No signed checkpoint covers position ${position} yet. Ask again in a second.`);
  }
}

/** There is no such event in the log. */
export class EventNotFoundError extends ExpectedError {
  readonly code = 'event-not-found';
  readonly kind = 'not-found';

  constructor(eventId: string) {
    super(`The log has no event with the id ${eventId}.`);
  }
}

/** A checkpoint, a tile or entries that this log has not. */
export class NoSuchTileError extends ExpectedError {
  readonly code = 'tile-not-found';
  readonly kind = 'not-found';

  constructor() {
    super('The tree of the last checkpoint has no such tile. Read the checkpoint, and ask for tiles of its size only.');
  }
}

/** The row of an event is not the one that was sealed, or is missing. */
export class EventChangedError extends ExpectedError {
  readonly code = 'event-changed';
  readonly kind = 'broken-rule';

  constructor(position: number) {
    super(`The event at position ${position} is not the one that was sealed. Run "leftfold proofs verify".`);
  }
}
