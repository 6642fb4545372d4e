import { ProofAccess } from '@leftfold/proofs';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ForbiddenError } from './auth.errors.js';
import { CurrentAccess } from './current-access.js';

/** Lets operators and auditors read proofs. `AuthGuard` has checked the token before. */
@Injectable()
export class RoleProofAccess extends ProofAccess {
  constructor(private readonly access: CurrentAccess) {
    super();
  }

  async check(request: FastifyRequest): Promise<void> {
    // The cached answer may be a second old, so a refusal is checked against the log.
    if ((await this.access.of(request)).operates || (await this.access.now(request)).operates) return;
    throw ForbiddenError.becauseOfTheRole();
  }
}
