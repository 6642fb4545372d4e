import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

export const IS_PUBLIC = Symbol('public');

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
