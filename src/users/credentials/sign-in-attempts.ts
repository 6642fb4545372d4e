import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type EntityManager, LessThan, MoreThanOrEqual } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Databases, normaliseTagValue } from '../../event-sourcing/index.js';
import { Settings } from '../../platform/config/settings.js';
import { TooManyRequestsError } from '../commands/sign-in/sign-in.errors.js';
import { SignInAttemptEntity } from './sign-in-attempt.entity.js';

const WINDOW = 15 * 60 * 1000;
const PER_ACCOUNT = 10;
const PER_ADDRESS = 50;

export interface SignInAttempt {
  /** The e-mail address that somebody signs in with, or the id of a user who has signed in. */
  readonly account: string;
  /** Where it comes from. */
  readonly address: string;
  readonly now: Date;
}

/** Counts wrong sign-ins, over all nodes: ten an account, fifty an address, in fifteen minutes. */
@Injectable()
export class SignInAttempts {
  constructor(
    private readonly databases: Databases,
    private readonly settings: Settings,
  ) {}

  /**
   * Before the password is looked at, which is slow.
   * @throws TooManyRequestsError
   */
  async admit(attempt: SignInAttempt): Promise<void> {
    if (this.settings.rateLimits) await refuseOverLimits(this.databases.events.read.manager, attempt);
  }

  /**
   * Once it is known whether the password is right: a wrong one counts, a right one makes the account's wrong ones
   * forgotten. Many guesses at once are admitted together; those that end after the limit was reached are told nothing.
   * @throws TooManyRequestsError
   */
  async settle(attempt: SignInAttempt, right: boolean): Promise<void> {
    if (!this.settings.rateLimits) return;
    const { account, address, at } = rowOf(attempt);
    await this.databases.besideTheLog(async (manager) => {
      // Otherwise two nodes would both count the ninth. SQLite's writer is alone anyhow.
      if (this.databases.events.write.kind === 'postgres') {
        await manager.query('lock table sign_in_attempts in share row exclusive mode');
      }
      await refuseOverLimits(manager, attempt);
      await manager.delete(SignInAttemptEntity, right ? { account } : { at: LessThan(at - WINDOW) });
      if (!right) await manager.insert(SignInAttemptEntity, { id: uuidv7(), account, address, at });
    });
  }
}

async function refuseOverLimits(manager: EntityManager, attempt: SignInAttempt): Promise<void> {
  const { account, address, at } = rowOf(attempt);
  await refuseOver(PER_ACCOUNT, manager, { account }, at);
  await refuseOver(PER_ADDRESS, manager, { address }, at);
}

async function refuseOver(
  limit: number,
  manager: EntityManager,
  who: { account: string } | { address: string },
  now: number,
): Promise<void> {
  const wrong = await manager.find(SignInAttemptEntity, {
    where: { ...who, at: MoreThanOrEqual(now - WINDOW) },
    order: { at: 'DESC' },
    take: limit,
  });
  if (wrong.length === limit) throw TooManyRequestsError.forAnother(wrong.at(-1)!.at + WINDOW - now);
}

function rowOf({ account, address, now }: SignInAttempt): Pick<SignInAttemptEntity, 'account' | 'address' | 'at'> {
  return { account: keyOf(account), address: keyOf(address), at: now.getTime() };
}

function keyOf(value: string): string {
  return createHash('sha256').update(normaliseTagValue(value)).digest('base64url');
}
