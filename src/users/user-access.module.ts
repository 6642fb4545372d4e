import { Global, Module } from '@nestjs/common';
import { AccessDirectory } from '../platform/auth/access-directory.js';
import { UserAccess } from './user-access.js';

/** Tells whoever checks a request what somebody may do. */
@Global()
@Module({ providers: [{ provide: AccessDirectory, useClass: UserAccess }], exports: [AccessDirectory] })
export class UserAccessModule {}
