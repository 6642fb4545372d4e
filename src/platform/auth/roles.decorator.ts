import { ApiProblems } from '@leftfold/http';
import { applyDecorators, SetMetadata } from '@nestjs/common';
import type { Role } from './role.js';

export const REQUIRED_ROLES = Symbol('roles');

/** Restricts a route to callers who have one of these roles now. Auditors may read what operators may. */
export function Roles(...roles: [Role, ...Role[]]): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(REQUIRED_ROLES, roles), ApiProblems('forbidden', 'forbidden'));
}
