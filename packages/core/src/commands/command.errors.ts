import { ExpectedError } from '../errors.js';

/**
 * A handler took a second decision: it called `decide`, `create`, `update` or `upsert` again. Nothing was stored, unless a
 * nested command or a `load` needed the first decision.
 */
export class SecondDecisionError extends Error {
  constructor() {
    super(
      'This command has taken its decision already. What belongs together is one decision: ' +
        'decisions.decide({ one: existing(One, id), other: existing(Other, id) }, ({ one, other }) => ...). ' +
        'What can follow later is a second command, sent by a saga.',
    );
    this.name = 'SecondDecisionError';
  }
}

/** The same idempotency key was used for a different request. */
export class CommandIdReusedError extends ExpectedError {
  readonly code = 'idempotency-key-reused';
  readonly kind = 'unprocessable';

  constructor() {
    super('This idempotency key belongs to another request. Use a new key for a new request.');
  }
}

/**
 * What a command decided on has changed before its events were stored, so its handler runs again. The run that is
 * outdated gets this error for its nested commands, and for what it left running.
 */
export class DecisionOutdatedError extends ExpectedError {
  readonly code = 'busy';
  readonly kind = 'unavailable';
  override readonly retryAfter = 1;

  constructor() {
    super('What this command decided on has changed in the meantime. Try again.');
  }
}
