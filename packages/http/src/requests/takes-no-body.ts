import { applyDecorators, type CanActivate, type ExecutionContext, Injectable, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ValidationFailedError } from '../problems/validation-failed.error.js';
import { MOST_ERRORS, NO_SUCH_FIELD } from './validation.pipe.js';

@Injectable()
class BodyRefusal implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    if (body === undefined) return true;
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw ValidationFailedError.ofField('body', 'This route takes no body.');
    }
    const fields = Object.keys(body).slice(0, MOST_ERRORS);
    if (fields.length === 0) return true;
    throw new ValidationFailedError(fields.map((field) => ({ field, message: NO_SUCH_FIELD })));
  }
}

/** For commands without a body: a field that nobody reads is refused, as unknown fields of a body are. */
export function TakesNoBody(): MethodDecorator {
  return applyDecorators(UseGuards(BodyRefusal));
}
