import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RoleDirectory } from '../platform/auth/role-directory.js';
import { UserView } from './read-models/user-view/user-view.entity.js';
import { UserRoles } from './user-roles.js';

/** Tells whoever checks a request which roles somebody has. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([UserView])],
  providers: [{ provide: RoleDirectory, useClass: UserRoles }],
  exports: [RoleDirectory],
})
export class UserRolesModule {}
