import { OperatorAccess } from '@leftfold/operations';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ForbiddenError, TokenInvalidError } from './auth.errors.js';
import { CurrentAccess } from './current-access.js';
import { holderOf } from './signed-in-user.js';

/** Lets operators operate, and auditors read. `AuthGuard` has checked the token before. */
@Injectable()
export class RoleOperatorAccess extends OperatorAccess {
  constructor(private readonly access: CurrentAccess) {
    super();
  }

  async check(request: FastifyRequest): Promise<void> {
    // The cached answer may be a second old, so a refusal is checked against the log.
    if ((await this.access.of(request)).operates || (await this.access.now(request)).operates) return;
    throw ForbiddenError.becauseOfTheRole();
  }

  /** A stream must end with the session and with the role. */
  async mayGoOn(request: FastifyRequest): Promise<boolean> {
    try {
      return (await this.access.now(request)).operates;
    } catch (error) {
      if (error instanceof TokenInvalidError) return false;
      throw error;
    }
  }

  endOf(request: FastifyRequest): Date {
    return holderOf(request).expiresAt;
  }
}
