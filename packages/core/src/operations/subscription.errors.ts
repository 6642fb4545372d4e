import { ExpectedError } from '../errors.js';

/** No class of this program declares a subscription with that name. */
export class SubscriptionNotFoundError extends ExpectedError {
  readonly code = 'subscription-not-found';
  readonly kind = 'not-found';

  constructor(name: string) {
    super(`There is no subscription "${name}".`);
  }
}

/** Side effects and sagas can't be rebuilt: repeating their work would not undo what they did. */
export class NotRebuildableError extends ExpectedError {
  readonly code = 'not-a-read-model';
  readonly kind = 'broken-rule';

  constructor(name: string) {
    super(`"${name}" is no read model, and only a read model can be rebuilt.`);
  }
}
