import { createParamDecorator, type ExecutionContext, Injectable, type PipeTransform } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CurrentAccess } from './current-access.js';
import type { SignedInUser } from './signed-in-user.js';

@Injectable()
class CurrentUserPipe implements PipeTransform<FastifyRequest, Promise<SignedInUser>> {
  constructor(private readonly access: CurrentAccess) {}

  transform(request: FastifyRequest): Promise<SignedInUser> {
    return this.access.of(request);
  }
}

const requestOf = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  context.switchToHttp().getRequest<FastifyRequest>(),
);

/** `@CurrentUser() user: SignedInUser`: the caller of this route. Not for public routes, which check no token. */
export const CurrentUser = (): ParameterDecorator => requestOf(CurrentUserPipe);
