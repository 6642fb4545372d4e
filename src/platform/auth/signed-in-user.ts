import type { Caller } from '@leftfold/http';
import type { FastifyRequest } from 'fastify';
import type { VerifiedToken } from './access-tokens.js';
import { NotSignedInError } from './auth.errors.js';
import type { Role } from './role.js';

/** Who is asking, with the roles that they have now. */
export interface SignedInUser extends Caller {
  readonly roles: readonly Role[];
}

const holders = new WeakMap<FastifyRequest, VerifiedToken>();

/** Remembers whose token came with a request. */
export function signIn(request: FastifyRequest, holder: VerifiedToken): void {
  holders.set(request, holder);
  request.caller = { userId: holder.userId };
}

/** @throws NotSignedInError where the route is public: it asks nobody for a token */
export function holderOf(request: FastifyRequest): VerifiedToken {
  const holder = holders.get(request);
  if (!holder) throw new NotSignedInError();
  return holder;
}
