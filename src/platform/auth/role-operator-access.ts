import { OperatorAccess } from '@leftfold/operations';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ForbiddenError, TokenInvalidError } from './auth.errors.js';
import { CurrentAccess } from './current-access.js';
import { holderOf, type SignedInUser } from './signed-in-user.js';

/** Lets users with the role `operator` operate. `AuthGuard` has checked the token before. */
@Injectable()
export class RoleOperatorAccess extends OperatorAccess {
  constructor(private readonly access: CurrentAccess) {
    super();
  }

  async check(request: FastifyRequest): Promise<void> {
    // The cached answer may be a second old, so a refusal is checked against the log.
    if (operates(await this.access.of(request)) || operates(await this.access.now(request))) return;
    throw ForbiddenError.becauseOfTheRole();
  }

  /** A stream must end with the session and with the role. */
  async mayGoOn(request: FastifyRequest): Promise<boolean> {
    try {
      return operates(await this.access.now(request));
    } catch (error) {
      if (error instanceof TokenInvalidError) return false;
      throw error;
    }
  }

  endOf(request: FastifyRequest): Date {
    return holderOf(request).expiresAt;
  }
}

function operates({ roles }: SignedInUser): boolean {
  return roles.includes('operator');
}
