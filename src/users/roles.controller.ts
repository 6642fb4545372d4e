import { ApiProblems, UuidParam, TakesNoBody } from '@leftfold/http';
import { Controller, Delete, HttpCode, Param, Put } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { type Role, ROLES } from '../platform/auth/role.js';
import { Roles } from '../platform/auth/roles.decorator.js';
import { GrantRoleCommand } from './commands/grant-role/grant-role.command.js';
import { RevokeRoleCommand } from './commands/revoke-role/revoke-role.command.js';
import { RoleParam } from './role-param.pipe.js';
import { UserIdAnswer } from './user.answer.js';

@ApiTags('users')
@ApiBearerAuth()
@ApiParam({ name: 'role', enum: ROLES })
@Controller('users/:userId/roles/:role')
@Roles('operator')
export class RolesController {
  constructor(private readonly commands: CommandBus) {}

  @Put()
  @TakesNoBody()
  @ApiOperation({
    summary: 'Grant a role',
    description: 'For operators. Ends the sessions of the user, who signs in again with the role.',
  })
  @HttpCode(200)
  @ApiOkResponse({ type: UserIdAnswer })
  @ApiProblems('not-found', 'user-not-found')
  @ApiProblems('gone', 'user-forgotten')
  @ApiProblems('version-conflict', 'version-conflict')
  grant(@Param('userId', UuidParam) userId: string, @Param('role', RoleParam) role: Role): Promise<UserIdAnswer> {
    return this.commands.execute(new GrantRoleCommand(userId, role));
  }

  @Delete()
  @TakesNoBody()
  @ApiOperation({ summary: 'Revoke a role', description: 'For operators. The last operator keeps the role.' })
  @ApiOkResponse({ type: UserIdAnswer })
  @ApiProblems('not-found', 'user-not-found')
  @ApiProblems('gone', 'user-forgotten')
  @ApiProblems('broken-rule', 'last-operator')
  @ApiProblems('version-conflict', 'version-conflict')
  revoke(@Param('userId', UuidParam) userId: string, @Param('role', RoleParam) role: Role): Promise<UserIdAnswer> {
    return this.commands.execute(new RevokeRoleCommand(userId, role));
  }
}
