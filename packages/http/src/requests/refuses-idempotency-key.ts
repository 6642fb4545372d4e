import { applyDecorators, type CanActivate, type ExecutionContext, Injectable, UseGuards } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { REFUSES_IDEMPOTENCY_KEY } from '../docs/header-marks.js';
import { ValidationFailedError } from '../problems/validation-failed.error.js';

@Injectable()
class IdempotencyKeyRefusal implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    if (headers['idempotency-key'] === undefined) return true;
    throw ValidationFailedError.ofField(
      'Idempotency-Key',
      'This route answers a secret, which is not stored. Leave out the Idempotency-Key.',
    );
  }
}

/** For routes whose answer must not be stored. */
export function RefusesIdempotencyKey(): MethodDecorator {
  return applyDecorators(UseGuards(IdempotencyKeyRefusal), ApiExtension(REFUSES_IDEMPOTENCY_KEY, true));
}
