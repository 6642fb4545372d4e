import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

/** Metadata key that `Public` and `PublicWhen` set, to `true` or to an `IsPublic`. */
export const IS_PUBLIC = Symbol('public');

/** Whether a request of a route needs no signed-in caller. */
export type IsPublic = (request: FastifyRequest) => boolean;

/**
 * Anyone may call this route, signed in or not. A token is ignored. An application's own guard must respect this: it reads
 * the metadata `IS_PUBLIC`.
 */
export function Public(): MethodDecorator & ClassDecorator {
  return PublicWhen(() => true);
}

/** Like `Public`, for some requests of a route only. All others need what the route otherwise asks for. */
export function PublicWhen(isPublic: IsPublic): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(IS_PUBLIC, isPublic), ApiSecurity({}));
}
