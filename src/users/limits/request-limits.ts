import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Settings } from '../../platform/config/settings.js';
import { TooManyRequestsError } from '../commands/sign-in/sign-in.errors.js';
import { emailKey } from '../domain/email-key.js';
import { AttemptCounts, type Counter, counterName } from './attempt-counts.js';

const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;
/** The latest time that a `Date` can hold. */
const LATEST = 8.64e15;

/** Most requests that send a mail from one address in an hour. Tests set a larger limit. */
@Injectable()
export class RequestRate {
  readonly perHour: number = 20;
}

/** A public request that sends a mail. */
export interface MailingRequest {
  readonly purpose: 'registration' | 'password reset';
  /** Address of the request. */
  readonly address: string;
  /** Id of the request: a repeat with the same id counts once. */
  readonly id?: string;
  readonly now: Date;
}

/** A mail that is allowed but not yet requested. */
export interface MailClaim {
  /** The mail was requested. */
  confirm(): Promise<void>;
  /** The mail was not requested after all. */
  takeBack(): Promise<void>;
}

/** Limits the public requests that send mails, on all nodes. */
@Injectable()
export class RequestLimits {
  constructor(
    private readonly counts: AttemptCounts,
    private readonly settings: Settings,
    private readonly rate: RequestRate,
  ) {}

  /**
   * Counts a request, also one that is refused later: each reveals whether a name is taken.
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
   * Allows one mail of this purpose to a recipient in an hour, for known and unknown addresses alike. Until it is confirmed it
   * counts for a minute only, so that a crash before the request does not block the recipient for an hour.
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

  /** The time after which an earlier mail makes a new one too many. With the limits off, none does. */
  mailsSince(now: Date): Date {
    return new Date(this.settings.rateLimits ? now.getTime() - HOUR : LATEST);
  }
}
