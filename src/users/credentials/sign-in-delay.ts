import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';

/** Wrong sign-ins on an account, from anywhere, before delays begin. */
const FREE = 10;
/** In ms. */
const FIRST = 250;
/** In ms. Less than a shutdown waits for running requests. */
const LONGEST = 4_000;

/** Delays the sign-ins of an account with many wrong ones. It never refuses one, so an attacker can't lock a user out. */
@Injectable()
export class SignInDelay {
  /** @returns ms */
  after(wrong: number): number {
    return wrong < FREE ? 0 : Math.min(LONGEST, FIRST * 2 ** (wrong - FREE));
  }

  async wait(ms: number): Promise<void> {
    if (ms > 0) await pause(ms);
  }
}
