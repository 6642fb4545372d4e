import { DecisionModel, decisionModel, type ModelParticipant } from '@leftfold/core';
import { TooManyRequestsError } from '../commands/sign-in/sign-in.errors.js';
import { UserRegistered } from '../events/user-registered.event.js';
import { emailKey } from './email-key.js';

/**
 * The last welcome mail to an address, also when the address was given up meanwhile. The time of a registration is in
 * the user's id, a UUID v7.
 */
@DecisionModel({ events: [UserRegistered], lastEventOnly: true })
export class WelcomeMails {
  private lastSent = 0;

  static to(email: string): ModelParticipant<WelcomeMails> {
    return decisionModel(WelcomeMails, { welcomed: emailKey(email) });
  }

  evolve({ userId }: UserRegistered): void {
    this.lastSent = timeOf(userId);
  }

  /**
   * Prevents a second mail soon after the first.
   * @param since the earliest registration that counts
   * @throws TooManyRequestsError
   */
  refuseAnother(since: Date): void {
    const wait = this.lastSent - since.getTime();
    if (wait > 0) throw TooManyRequestsError.becauseAMailWasSent(wait);
  }
}

/** In ms since 1970; 0 for an id that is not of version 7, such as the first operator's. */
function timeOf(userId: string): number {
  return userId[14] === '7' ? Number.parseInt(userId.replaceAll('-', '').slice(0, 12), 16) : 0;
}
