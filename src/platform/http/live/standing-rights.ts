import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { FastifyRequest } from 'fastify';
import type { Role } from '../../auth/role.js';
import { RoleDirectory } from '../../auth/role-directory.js';
import { holderOf } from '../../auth/signed-in-user.js';

const SECOND = 1_000;

/** Whether who was let in may still be there: an answer that goes on must not outlive the right to it. */
@Injectable()
export class StandingRights {
  private readonly tokens = new JwtService();

  constructor(private readonly directory: RoleDirectory) {}

  /** When the token that came with a request expires. It was verified when the request came. */
  expiryOf({ headers }: FastifyRequest): Date {
    const token = headers.authorization?.trim().split(/ +/)[1] ?? '';
    return new Date(this.tokens.decode<{ exp: number }>(token).exp * SECOND);
  }

  /** Whether the caller has a role at this moment, as `CurrentRoles` found it out when the request came. */
  async has(request: FastifyRequest, role: Role): Promise<boolean> {
    const { userId, roles, version } = holderOf(request);
    const known = await this.directory.find(userId, undefined);
    return (known && known.version >= version ? known.roles : roles).includes(role);
  }
}
