import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { minPositionFrom } from '../http/requests/preconditions.js';
import type { Role } from './role.js';
import { RoleDirectory } from './role-directory.js';
import { holderOf, type SignedInUser } from './signed-in-user.js';
import type { TokenHolder } from './access-tokens.js';

/** Finds out, once a request and only where it matters, which roles the caller has now. */
@Injectable()
export class CurrentRoles {
  private readonly found = new WeakMap<FastifyRequest, Promise<SignedInUser>>();

  constructor(private readonly directory: RoleDirectory) {}

  of(request: FastifyRequest): Promise<SignedInUser> {
    let user = this.found.get(request);
    if (!user) {
      user = this.lookUp(holderOf(request));
      this.found.set(request, user);
    }
    return user;
  }

  /** The same, including the position that the request names: a role that was granted there counts. */
  awaited(request: FastifyRequest): Promise<SignedInUser> {
    const minPosition = minPositionFrom(request.headers['leftfold-min-position']);
    if (minPosition === undefined) return this.of(request);
    const user = this.lookUp(holderOf(request), minPosition);
    this.found.set(request, user);
    return user;
  }

  /** Looks again, for an answer that goes on: it must not outlive the right to it. */
  now(request: FastifyRequest): Promise<SignedInUser> {
    return this.lookUp(holderOf(request));
  }

  private async lookUp({ userId, roles, version }: TokenHolder, minPosition?: number): Promise<SignedInUser> {
    return { userId, roles: newest(roles, version, await this.directory.find(userId, minPosition)) };
  }
}

/** The directory may lag behind the log; a token that was issued later knows better. */
function newest(
  roles: readonly Role[],
  version: number,
  known: Awaited<ReturnType<RoleDirectory['find']>>,
): readonly Role[] {
  return known && known.version >= version ? known.roles : roles;
}
