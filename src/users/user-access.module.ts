import { Global, Module } from '@nestjs/common';
import { AccessDirectory } from '../platform/auth/access-directory.js';
import { UserAccess } from './user-access.js';

/** Provides the `AccessDirectory` for the guard, which checks requests. */
@Global()
@Module({ providers: [{ provide: AccessDirectory, useClass: UserAccess }], exports: [AccessDirectory] })
export class UserAccessModule {}
