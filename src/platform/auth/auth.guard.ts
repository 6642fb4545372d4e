import { IS_PUBLIC, type IsPublic } from '@leftfold/http';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { AccessTokens } from './access-tokens.js';
import { ForbiddenError, NotSignedInError, TokenInvalidError } from './auth.errors.js';
import { CurrentAccess } from './current-access.js';
import type { Role } from './role.js';
import { REQUIRED_ROLES } from './roles.decorator.js';
import { signIn, type SignedInUser } from './signed-in-user.js';

const BEARER = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+) *$/i;

/** Refuses requests without a valid token, unless the route is `@Public()` for the request. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: AccessTokens,
    private readonly access: CurrentAccess,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = [context.getHandler(), context.getClass()];
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (this.reflector.getAllAndOverride<IsPublic | undefined>(IS_PUBLIC, route)?.(request)) return true;

    signIn(request, this.tokens.verify(tokenFrom(request.headers.authorization)));

    const user = await this.access.of(request);
    const required = this.reflector.getAllAndOverride<Role[] | undefined>(REQUIRED_ROLES, route);
    if (!required) return true;
    const suffices = ({ roles, operates }: SignedInUser): boolean =>
      required.some((role) => (role === 'operator' ? operates : roles.includes(role)));
    if (suffices(user) || suffices(await this.access.now(request))) return true;
    throw ForbiddenError.becauseOfTheRole();
  }
}

function tokenFrom(header: string | undefined): string {
  if (header === undefined) throw new NotSignedInError();
  const token = BEARER.exec(header)?.[1];
  if (token === undefined) throw new TokenInvalidError();
  return token;
}
