import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';

/** Wrong sign-ins on an account from anywhere that are not slowed down yet. */
const FREE = 10;
/** In ms. */
const FIRST = 250;
/** In ms. Less than a shutdown waits for requests under way. */
const LONGEST = 4_000;

/** Slows the sign-ins of an account down on which many were wrong. It never refuses one, so nobody is locked out from elsewhere. */
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
