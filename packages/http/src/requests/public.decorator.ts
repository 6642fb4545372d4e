import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

/** Key of the metadata that `Public` and `PublicWhen` set: `true`, or an `IsPublic`. */
export const IS_PUBLIC = Symbol('public');

/** Tells whether a request of a route needs no signed-in caller. */
export type IsPublic = (request: FastifyRequest) => boolean;

/**
 * Anyone may call this route, signed in or not. A token that comes along is not looked at. An application's own guard asks for it, by
 * the metadata `IS_PUBLIC`.
 */
export function Public(): MethodDecorator & ClassDecorator {
  return PublicWhen(() => true);
}

/** The same for requests of one kind; for the others whatever else the route says holds. */
export function PublicWhen(isPublic: IsPublic): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(IS_PUBLIC, isPublic), ApiSecurity({}));
}
