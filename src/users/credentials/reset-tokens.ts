import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { Settings } from '../../platform/config/settings.js';
import { ResetInvalidError } from '../domain/user.errors.js';

export interface Reset {
  readonly userId: string;
  readonly resetId: string;
}

/** Keeps reset tokens apart from access tokens, which use the same secret. */
const PURPOSE = 'leftfold password reset';

/**
 * Tokens for a forgotten password. They are computed from the id of the reset and the signing secret: no table stores them,
 * and a retried mail has the same token. The log says whether a reset is open.
 */
@Injectable()
export class ResetTokens {
  constructor(private readonly settings: Settings) {}

  issue({ userId, resetId }: Reset): string {
    return [userId, resetId, this.sign(userId, resetId).toString('base64url')].join('.');
  }

  /** @throws ResetInvalidError */
  read(token: string): Reset {
    const [userId, resetId, signature = '', ...more] = token.split('.');
    if (!isUUID(userId) || !isUUID(resetId) || more.length > 0) throw ResetInvalidError.forAnyReason();
    const expected = this.sign(userId!, resetId!);
    const given = Buffer.from(signature, 'base64url');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw ResetInvalidError.forAnyReason();
    }
    return { userId: userId!, resetId: resetId! };
  }

  private sign(userId: string, resetId: string): Buffer {
    return createHmac('sha256', this.settings.jwtSecret).update(`${PURPOSE}\n${userId}\n${resetId}`).digest();
  }
}
