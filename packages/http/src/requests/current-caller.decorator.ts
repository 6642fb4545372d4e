import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from './caller.js';

const NOBODY: Caller = { userId: 'anonymous' };

/** `@CurrentCaller() caller: Caller`: who sent the request, as the application's guard has set `request.caller`; else `anonymous`. */
export const CurrentCaller = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Caller =>
    context.switchToHttp().getRequest<FastifyRequest>().caller ?? NOBODY,
);
