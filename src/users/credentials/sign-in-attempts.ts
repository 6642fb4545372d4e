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

/** Counts wrong sign-ins, over all nodes: ten an account, fifty an address, in fifteen minutes. */
@Injectable()
export class SignInAttempts {
  constructor(
    private readonly databases: Databases,
    private readonly settings: Settings,
  ) {}

  /** @throws TooManyRequestsError */
  async count(email: string, address: string, now: Date): Promise<void> {
    if (!this.settings.rateLimits) return;
    const attempt = { id: uuidv7(), account: keyOf(email), address: keyOf(address), at: now.getTime() };
    await this.databases.besideTheLog(async (manager) => {
      // Otherwise two nodes would both count the ninth. SQLite's writer is alone anyhow.
      if (this.databases.events.write.kind === 'postgres') {
        await manager.query('lock table sign_in_attempts in share row exclusive mode');
      }
      await manager.delete(SignInAttemptEntity, { at: LessThan(attempt.at - WINDOW) });
      await refuseOver(PER_ACCOUNT, manager, { account: attempt.account }, attempt.at);
      await refuseOver(PER_ADDRESS, manager, { address: attempt.address }, attempt.at);
      await manager.insert(SignInAttemptEntity, attempt);
    });
  }

  /** The right password was given: the account's wrong ones are forgotten. */
  async forgive(email: string): Promise<void> {
    if (!this.settings.rateLimits) return;
    await this.databases.besideTheLog((manager) => manager.delete(SignInAttemptEntity, { account: keyOf(email) }));
  }
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

function keyOf(value: string): string {
  return createHash('sha256').update(normaliseTagValue(value)).digest('base64url');
}
