import {
  ApiPage,
  ApiProblems,
  decodeCursor,
  encodeCursor,
  EventItem,
  eventItem,
  isVersion,
  ListQuery,
  momentOf,
  MomentQuery,
  type Page,
  pageOf,
  Public,
  UuidParam,
  Versioned,
  TakesNoBody,
} from '@leftfold/http';
import { Body, Controller, Delete, Get, HttpCode, Ip, Param, Post, Put, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { v7 as uuidv7 } from 'uuid';
import { CurrentUser } from '../platform/auth/current-user.decorator.js';
import { Roles } from '../platform/auth/roles.decorator.js';
import type { SignedInUser } from '../platform/auth/signed-in-user.js';
import { refuseUnlessOwner, refuseUnlessOwnerOrOperator } from './access.js';
import { ChangeEmailCommand } from './commands/change-email/change-email.command.js';
import { ChangeEmailDto } from './commands/change-email/change-email.dto.js';
import { ChangePasswordCommand } from './commands/change-password/change-password.command.js';
import { ChangePasswordDto } from './commands/change-password/change-password.dto.js';
import { ChangeUsernameCommand } from './commands/change-username/change-username.command.js';
import { ChangeUsernameDto } from './commands/change-username/change-username.dto.js';
import { EndSessionsCommand } from './commands/end-sessions/end-sessions.command.js';
import { RegisterUserCommand } from './commands/register-user/register-user.command.js';
import { RegisterUserDto } from './commands/register-user/register-user.dto.js';
import { RevertProfileCommand } from './commands/revert-profile/revert-profile.command.js';
import { RevertProfileDto } from './commands/revert-profile/revert-profile.dto.js';
import { GetUserAtQuery } from './queries/get-user-at/get-user-at.query.js';
import { GetUserQuery } from './queries/get-user/get-user.query.js';
import { ListUserHistoryQuery } from './queries/list-user-history/list-user-history.query.js';
import { ListUsersDto } from './queries/list-users/list-users.dto.js';
import { ListUsersQuery } from './queries/list-users/list-users.query.js';
import { isUserId } from './cursors.js';
import { UserAnswer, UserIdAnswer, userAnswer } from './user.answer.js';

@ApiTags('users')
@ApiBearerAuth()
@Controller('users')
export class UsersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Register',
    description:
      'Makes a user with the role of a customer. User name and e-mail address must be free, in any case of letters.',
  })
  @Public()
  @ApiCreatedResponse({ type: UserIdAnswer })
  @ApiProblems('broken-rule', 'email-taken', 'username-taken', 'username-too-similar')
  @ApiProblems('throttled', 'too-many-requests')
  register(@Body() { username, email, password }: RegisterUserDto, @Ip() address: string): Promise<UserIdAnswer> {
    return this.commands.execute(new RegisterUserCommand(uuidv7(), username, email, password, address, new Date()));
  }

  @Get()
  @ApiOperation({ summary: 'List users', description: 'For operators. Finds a user by address or name, too.' })
  @Roles('operator')
  @ApiPage(UserAnswer)
  async list(@Query() { limit, cursor, email, username }: ListUsersDto): Promise<Page<UserAnswer>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, isUserId);
    const found = await this.queries.execute(new ListUsersQuery({ email, username }, after, limit + 1));
    return pageOf(found.map(userAnswer), limit, ({ userId }) => encodeCursor(userId));
  }

  @Get('me')
  @ApiOperation({
    summary: 'Look yourself up',
    description: 'Your own user, now, or at a version or moment of the past.',
  })
  @Versioned()
  @ApiOkResponse({ type: UserAnswer })
  getMe(@CurrentUser() caller: SignedInUser, @Query() moment: MomentQuery): Promise<UserAnswer> {
    return this.answer(caller.userId, moment);
  }

  @Get(':userId')
  @ApiOperation({
    summary: 'Look a user up',
    description: 'For the user and for operators: now, or at a version or moment of the past.',
  })
  @Versioned()
  @ApiOkResponse({ type: UserAnswer })
  @ApiProblems('not-found', 'user-not-found', 'version-not-found')
  @ApiProblems('gone', 'user-forgotten')
  get(
    @CurrentUser() caller: SignedInUser,
    @Param('userId', UuidParam) userId: string,
    @Query() moment: MomentQuery,
  ): Promise<UserAnswer> {
    refuseUnlessOwnerOrOperator(caller, userId);
    return this.answer(userId, moment);
  }

  @Get(':userId/history')
  @ApiOperation({
    summary: "List a user's history",
    description: 'For the user and for operators: every event of the user, oldest first.',
  })
  @ApiPage(EventItem)
  @ApiProblems('not-found', 'user-not-found')
  async listHistory(
    @CurrentUser() caller: SignedInUser,
    @Param('userId', UuidParam) userId: string,
    @Query() { limit, cursor }: ListQuery,
  ): Promise<Page<EventItem>> {
    refuseUnlessOwnerOrOperator(caller, userId);
    const after = cursor === undefined ? 0 : decodeCursor(cursor, isVersion);
    const found = await this.queries.execute(new ListUserHistoryQuery(userId, after, limit + 1));
    return pageOf(found.map(eventItem), limit, ({ version }) => encodeCursor(version));
  }

  @Put(':userId/email')
  @ApiOperation({
    summary: 'Change the e-mail address',
    description: 'For the user, with the current password. The address must be free.',
  })
  @HttpCode(200)
  @ApiOkResponse({ type: UserIdAnswer })
  @ApiProblems('unauthenticated', 'wrong-credentials')
  @ApiProblems('broken-rule', 'email-taken')
  @ApiProblems('version-conflict', 'version-conflict')
  @ApiProblems('throttled', 'too-many-requests')
  changeEmail(
    @CurrentUser() caller: SignedInUser,
    @Param('userId', UuidParam) userId: string,
    @Body() { email, currentPassword }: ChangeEmailDto,
    @Ip() address: string,
  ): Promise<UserIdAnswer> {
    refuseUnlessOwner(caller, userId);
    return this.commands.execute(new ChangeEmailCommand(userId, email, currentPassword, address, new Date()));
  }

  @Put(':userId/password')
  @ApiOperation({
    summary: 'Change the password',
    description: 'For the user, with the current password. Every token that was issued before is refused.',
  })
  @HttpCode(200)
  @ApiOkResponse({ type: UserIdAnswer })
  @ApiProblems('unauthenticated', 'wrong-credentials')
  @ApiProblems('version-conflict', 'version-conflict')
  @ApiProblems('throttled', 'too-many-requests')
  changePassword(
    @CurrentUser() caller: SignedInUser,
    @Param('userId', UuidParam) userId: string,
    @Body() { currentPassword, newPassword }: ChangePasswordDto,
    @Ip() address: string,
  ): Promise<UserIdAnswer> {
    refuseUnlessOwner(caller, userId);
    return this.commands.execute(new ChangePasswordCommand(userId, currentPassword, newPassword, address, new Date()));
  }

  @Delete(':userId/sessions')
  @TakesNoBody()
  @ApiOperation({
    summary: "End a user's sessions",
    description: 'For the user and for operators. Every token of the user is refused on every node within a second.',
  })
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'No token of the user is valid any more.' })
  @ApiProblems('not-found', 'user-not-found')
  @ApiProblems('gone', 'user-forgotten')
  @ApiProblems('version-conflict', 'version-conflict')
  endSessions(@CurrentUser() caller: SignedInUser, @Param('userId', UuidParam) userId: string): Promise<void> {
    refuseUnlessOwnerOrOperator(caller, userId);
    return this.commands.execute(new EndSessionsCommand(userId));
  }

  @Put(':userId/username')
  @ApiOperation({
    summary: 'Change the user name',
    description: 'For the user. The name must be free, and not be taken for another one.',
  })
  @HttpCode(200)
  @ApiOkResponse({ type: UserIdAnswer })
  @ApiProblems('broken-rule', 'username-taken', 'username-too-similar')
  @ApiProblems('version-conflict', 'version-conflict')
  changeUsername(
    @CurrentUser() caller: SignedInUser,
    @Param('userId', UuidParam) userId: string,
    @Body() { username }: ChangeUsernameDto,
  ): Promise<UserIdAnswer> {
    refuseUnlessOwner(caller, userId);
    return this.commands.execute(new ChangeUsernameCommand(userId, username));
  }

  @Post(':userId/reversion')
  @ApiOperation({
    summary: 'Revert to an earlier version',
    description:
      'For the user and for operators. Restores the user name and the address of that version with a new event; both must be free.',
  })
  @HttpCode(200)
  @ApiOkResponse({ type: UserIdAnswer })
  @ApiProblems('broken-rule', 'email-taken', 'username-taken', 'username-too-similar')
  @ApiProblems('not-found', 'user-not-found', 'version-not-found')
  @ApiProblems('gone', 'user-forgotten')
  @ApiProblems('version-conflict', 'version-conflict')
  revert(
    @CurrentUser() caller: SignedInUser,
    @Param('userId', UuidParam) userId: string,
    @Body() { toVersion }: RevertProfileDto,
  ): Promise<UserIdAnswer> {
    refuseUnlessOwnerOrOperator(caller, userId);
    return this.commands.execute(new RevertProfileCommand(userId, toVersion));
  }

  private async answer(userId: string, query: MomentQuery): Promise<UserAnswer> {
    const moment = momentOf(query);
    const asked = moment ? new GetUserAtQuery(userId, moment) : new GetUserQuery(userId);
    return userAnswer(await this.queries.execute(asked));
  }
}
