import { ValidationFailedError } from '@leftfold/http';
import { Injectable, type PipeTransform } from '@nestjs/common';
import { isRole, type Role, ROLES } from '../platform/auth/role.js';

@Injectable()
export class RoleParam implements PipeTransform<string, Role> {
  transform(value: string): Role {
    if (isRole(value)) return value;
    throw ValidationFailedError.ofField('role', `role must be one of ${ROLES.join(', ')}.`);
  }
}
