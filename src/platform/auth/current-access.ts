import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AccessDirectory, type KnownAccess } from './access-directory.js';
import { TokenInvalidError } from './auth.errors.js';
import { holderOf, type SignedInUser, signedInUser } from './signed-in-user.js';

/** Checks once per request whether the caller's token is still valid, and which roles the caller has. */
@Injectable()
export class CurrentAccess {
  private readonly found = new WeakMap<FastifyRequest, Promise<SignedInUser>>();

  constructor(private readonly directory: AccessDirectory) {}

  /**
   * The answer may be a second old.
   * @throws TokenInvalidError when the session of the token has ended, or for a user who is not in this log
   */
  of(request: FastifyRequest): Promise<SignedInUser> {
    let user = this.found.get(request);
    if (!user) {
      const holder = holderOf(request);
      user = this.directory.find(holder.userId, holder.version).then((known) => admitted(request, known));
      this.found.set(request, user);
    }
    return user;
  }

  /** Like `of`, but reads the log. @throws TokenInvalidError like `of` */
  now(request: FastifyRequest): Promise<SignedInUser> {
    const holder = holderOf(request);
    const user = this.directory.findNow(holder.userId).then((known) => admitted(request, known));
    this.found.set(request, user);
    return user;
  }
}

/** A user who can't be found is refused. */
function admitted(request: FastifyRequest, known: KnownAccess | undefined): SignedInUser {
  const { userId, version, generation } = holderOf(request);
  const counts = known && known.version >= version && known.generation === generation && !known.hasEnded(version);
  if (!counts) throw new TokenInvalidError();
  return signedInUser(request, userId, known.roles);
}
