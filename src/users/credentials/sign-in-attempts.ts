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
  /** The e-mail address that somebody signs in with, or the id of a user who has signed in. */
  readonly account: string;
  /** Where it comes from. */
  readonly address: string;
  readonly now: Date;
}

/**
 * Counts wrong sign-ins, over all nodes, for fifteen minutes. Ten on an account from one address are the most, and fifty from
 * an address; those on an account from anywhere only slow it down, so nobody locks somebody out from elsewhere. An address may
 * be that of many people behind one proxy, so its fifty don't count against an account that has signed in from there before.
 */
@Injectable()
export class SignInAttempts {
  constructor(
    private readonly counts: AttemptCounts,
    private readonly settings: Settings,
    private readonly delay: SignInDelay,
  ) {}

  /**
   * Before the password is looked at, which is slow. It takes as long for an account that there is not.
   * @throws TooManyRequestsError
   */
  async admit(attempt: SignInAttempt): Promise<void> {
    if (!this.settings.rateLimits) return;
    const counted = await this.counts.look(countersOf(attempt), attempt.now);
    refuseOverLimits(counted);
    await this.delay.wait(this.delay.after(counted.account.count));
  }

  /**
   * Once it is known whether the password is right: a wrong one counts, a right one makes the wrong ones on this account
   * from this address forgotten. Many guesses at once are admitted together; those that end after the limit was reached are told nothing.
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
