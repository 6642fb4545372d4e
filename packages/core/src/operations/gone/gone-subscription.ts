import { ExpectedError } from '../../errors.js';

/** A side effect or saga that this program no longer has, and its remaining work, which is not processed. */
export interface GoneSubscription {
  readonly name: string;
  /** Position up to which all events were handled or parked. */
  readonly position: number;
  /** Parked events, including dead letters. */
  readonly events: number;
  /** Commands in the outbox, including scheduled ones and dead letters. */
  readonly commands: number;
  /** Process of another version of the program that runs it now. */
  readonly owner: string | null;
}

/** The request needs a subscription that no class of this program declares any more. */
export class SubscriptionGoneError extends ExpectedError {
  readonly code = 'subscription-gone';
  readonly kind = 'broken-rule';

  constructor(name: string) {
    super(
      `This program has no subscription "${name}" any more, so it would not be retried. Start a version that has it, ` +
        `name it in "formerly" of the one that it was renamed to, move its remaining work to the subscription that does it now, or discard it.`,
    );
  }
}

/** No class of this program handles the message any more. */
export class MessageHandlerGoneError extends ExpectedError {
  readonly code = 'subscription-gone';
  readonly kind = 'broken-rule';

  constructor(name: string) {
    super(
      `This program has no message handler "${name}" any more, so the message would not be handled. ` +
        `Start a version that has it, or discard the dead letter.`,
    );
  }
}

/** No class of this program has the command's stored name, or the class has no handler. */
export class CommandGoneError extends ExpectedError {
  readonly code = 'command-gone';
  readonly kind = 'broken-rule';

  constructor(name: string) {
    super(
      `This program has no command "${name}" with a handler any more, so it would not be executed. ` +
        `Start a version that has it, or discard the dead letter.`,
    );
  }
}

/** The subscription still exists in this program, so it is not gone. */
export class SubscriptionNotGoneError extends ExpectedError {
  readonly code = 'subscription-not-gone';
  readonly kind = 'broken-rule';

  constructor(name: string) {
    super(`This program has the subscription "${name}". Decide on its dead letters one by one.`);
  }
}

/** A process of another version of the program runs the subscription. */
export class SubscriptionInUseError extends ExpectedError {
  readonly code = 'subscription-in-use';
  readonly kind = 'broken-rule';

  constructor(name: string, owner: string | null) {
    super(
      `"${name}" is still run by another version of this program${owner ? ` (${owner})` : ''}. ` +
        `Stop that first, and wait until its lease has run out.`,
    );
  }
}

/** The other subscription can't take over the remaining work. */
export class UnfitSuccessorError extends ExpectedError {
  readonly code = 'unfit-successor';
  readonly kind = 'broken-rule';

  constructor(name: string, successor: string, why: string) {
    super(`"${successor}" can't take over from "${name}": ${why}`);
  }
}
