import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Settings } from '../../platform/config/settings.js';
import { TooManyRequestsError } from '../commands/sign-in/sign-in.errors.js';
import { emailKey } from '../domain/email-key.js';
import { AttemptCounts, type AttemptsOf, type Counter, counterName } from '../limits/attempt-counts.js';
import { SignInDelay } from './sign-in-delay.js';

const MINUTE = 60 * 1000;
const WINDOW = 15 * MINUTE;
const DAY = 24 * 60 * MINUTE;
const MANY = 20;

export interface SignInAttempt {
  /** The e-mail address of a sign-in, or the id of a signed-in user. */
  readonly account: string;
  /** Address of the request. */
  readonly address: string;
  readonly now: Date;
}

/**
 * Counts wrong sign-ins on all nodes for fifteen minutes. The limits are ten per account and address, and fifty per
 * address. Those on an account from anywhere only delay its sign-ins, so an attacker can't lock a user out from elsewhere. Many
 * people may share one address behind a proxy, so its fifty don't apply to an account that has signed in from there before.
 */
@Injectable()
export class SignInAttempts {
  constructor(
    private readonly counts: AttemptCounts,
    private readonly settings: Settings,
    private readonly delay: SignInDelay,
  ) {}

  /**
   * Call it before the slow check of the password. It takes as long for an account that does not exist.
   * @throws TooManyRequestsError
   */
  async admit(attempt: SignInAttempt): Promise<void> {
    if (!this.settings.rateLimits) return;
    const counted = await this.counts.look(countersOf(attempt), attempt.now);
    refuseOverLimits(counted);
    await this.delay.wait(this.delay.after(counted.account.count));
  }

  /**
   * Call it after the check of the password: a wrong one counts, a right one resets the count for this account
   * and address. Many concurrent guesses are admitted together; those that end after the limit was reached learn nothing.
   * @returns whether many were wrong on this account lately
   * @throws TooManyRequestsError
   */
  async settle(attempt: SignInAttempt, right: boolean): Promise<boolean> {
    if (!this.settings.rateLimits) return false;
    return this.counts.change(countersOf(attempt), attempt.now, (counted) => {
      refuseOverLimits(counted);
      const id = uuidv7();
      if (right) {
        counted.pair.clear();
        counted.known.clear();
        counted.known.add(id);
      } else {
        for (const each of [counted.pair, counted.account, counted.address]) each.add(id);
      }
      return counted.account.count >= MANY;
    });
  }
}

function refuseOverLimits({ pair, address, known }: AttemptsOf<'pair' | 'address' | 'known'>): void {
  const wait = Math.max(pair.wait, known.count > 0 ? 0 : address.wait);
  if (wait > 0) throw TooManyRequestsError.forWrongSignIns(wait);
}

function countersOf({ account, address }: SignInAttempt): Record<'pair' | 'account' | 'address' | 'known', Counter> {
  const key = emailKey(account);
  return {
    pair: { name: counterName('sign-in pair', key, address), most: 10, within: WINDOW },
    account: { name: counterName('sign-in account', key), most: MANY, within: WINDOW },
    address: { name: counterName('sign-in address', address), most: 50, within: WINDOW },
    known: { name: counterName('sign-in known', key, address), most: 1, within: 30 * DAY },
  };
}
