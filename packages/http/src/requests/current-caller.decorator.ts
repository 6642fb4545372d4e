import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from './caller.js';

const ANONYMOUS: Caller = { userId: 'anonymous' };

/** `@CurrentCaller() caller: Caller`: the caller of a request, from `request.caller`, which the application's guard sets; else `anonymous`. */
export const CurrentCaller = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Caller =>
    context.switchToHttp().getRequest<FastifyRequest>().caller ?? ANONYMOUS,
);
