import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Settings } from '../../platform/config/settings.js';
import { TooManyRequestsError } from '../commands/sign-in/sign-in.errors.js';
import { emailKey } from '../domain/email-key.js';
import { AttemptCounts, type Counter, counterName } from './attempt-counts.js';

const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;
/** The last moment that a date can hold. */
const LATEST = 8.64e15;

/** How many requests that send a mail one address may make in an hour. Tests bring a larger one. */
@Injectable()
export class RequestRate {
  readonly perHour: number = 20;
}

/** A request that anybody may make, and that sends a mail. */
export interface MailingRequest {
  readonly purpose: 'registration' | 'password reset';
  /** Where it comes from. */
  readonly address: string;
  /** Which request it is: a repeat under the same id counts once. */
  readonly id?: string;
  readonly now: Date;
}

/** A mail that is allowed, and is not sent yet. */
export interface MailClaim {
  /** The mail was asked for. */
  confirm(): Promise<void>;
  /** It was not asked for after all. */
  takeBack(): Promise<void>;
}

/** Limits the requests of strangers that send mails, over all nodes. */
@Injectable()
export class RequestLimits {
  constructor(
    private readonly counts: AttemptCounts,
    private readonly settings: Settings,
    private readonly rate: RequestRate,
  ) {}

  /**
   * Counts a request, also one that is refused later: each tells whether a name is taken.
   * @throws TooManyRequestsError
   */
  async admit({ purpose, address, id = uuidv7(), now }: MailingRequest): Promise<void> {
    if (!this.settings.rateLimits) return;
    const from = { name: counterName(`${purpose} address`, address), most: this.rate.perHour, within: HOUR };
    await this.counts.change({ from }, now, (counted) => {
      if (counted.from.wait > 0 && !counted.from.has(id)) throw TooManyRequestsError.fromThisAddress(counted.from.wait);
      counted.from.add(id);
    });
  }

  /**
   * Allows one mail for this purpose to a recipient in an hour, whether somebody has the address or not. Until it is confirmed it
   * counts for a minute only, so that nobody waits for an hour after a process has died before the mail was asked for.
   * @throws TooManyRequestsError
   */
  async claimMail(purpose: MailingRequest['purpose'], email: string, now: Date): Promise<MailClaim> {
    if (!this.settings.rateLimits) return { confirm: async () => undefined, takeBack: async () => undefined };
    const to: Counter = { name: counterName(`${purpose} recipient`, emailKey(email)), most: 1, within: HOUR };
    const id = uuidv7();
    await this.counts.change({ to }, now, (counted) => {
      if (counted.to.wait > 0) throw TooManyRequestsError.becauseAMailWasSent(counted.to.wait);
      counted.to.add(id, now.getTime() - HOUR + MINUTE);
    });
    return {
      confirm: () =>
        this.counts.change({ to }, now, (counted) => {
          counted.to.remove(id);
          counted.to.add(id);
        }),
      takeBack: () => this.counts.change({ to }, now, (counted) => counted.to.remove(id)),
    };
  }

  /** Another mail after this moment makes one now too many; with the limits off, none does. */
  mailsSince(now: Date): Date {
    return new Date(this.settings.rateLimits ? now.getTime() - HOUR : LATEST);
  }
}
