import type { Caller } from '@leftfold/http';
import type { FastifyRequest } from 'fastify';
import type { VerifiedToken } from './access-tokens.js';
import { NotSignedInError } from './auth.errors.js';
import type { Role } from './role.js';

/** The caller of a request, with current roles. */
export interface SignedInUser extends Caller {
  readonly roles: readonly Role[];
  /**
   * Whether the caller may do what operators may in this request. An auditor may where the request only reads. Ask this,
   * and not for the role, so that no route forgets auditors.
   */
  readonly operates: boolean;
}

/** Methods of requests that change nothing (RFC 9110, section 9.2.1). */
const READING = ['GET', 'HEAD'];

export function signedInUser(request: FastifyRequest, userId: string, roles: readonly Role[]): SignedInUser {
  const audits = roles.includes('auditor') && READING.includes(request.method);
  return { userId, roles, operates: audits || roles.includes('operator') };
}

const holders = new WeakMap<FastifyRequest, VerifiedToken>();

/** Stores the user of a request's token. */
export function signIn(request: FastifyRequest, holder: VerifiedToken): void {
  holders.set(request, holder);
  request.caller = { userId: holder.userId };
}

/** @throws NotSignedInError on a public route, where no token is checked */
export function holderOf(request: FastifyRequest): VerifiedToken {
  const holder = holders.get(request);
  if (!holder) throw new NotSignedInError();
  return holder;
}
