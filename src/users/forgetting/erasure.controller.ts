import { MessageContext } from '@leftfold/core';
import { ApiProblems, UuidParam, ValidationFailedError } from '@leftfold/http';
import { Body, Controller, HttpCode, Ip, Param, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentUser } from '../../platform/auth/current-user.decorator.js';
import type { SignedInUser } from '../../platform/auth/signed-in-user.js';
import { refuseUnlessOwnerOrOperator } from '../access.js';
import { ForgetUserCommand, type ForgettingBy } from '../commands/forget-user/forget-user.command.js';
import { ForgetUserDto } from '../commands/forget-user/forget-user.dto.js';
import { ErasureAnswer } from './erasure.answer.js';
import { ForgottenUsers } from './forgotten-users.js';

@ApiTags('users')
@ApiBearerAuth()
@Controller('users/:userId/erasure')
export class ErasureController {
  constructor(
    private readonly commands: CommandBus,
    private readonly context: MessageContext,
    private readonly forgotten: ForgottenUsers,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Forget the user',
    description:
      'For the user, with the password, and for operators, with a reason. Everything personal in the log and beside it can not be read any more. Answers a certificate when that is done; later calls answer the same one.',
  })
  @HttpCode(200)
  @ApiOkResponse({ type: ErasureAnswer })
  @ApiAcceptedResponse({
    type: ErasureAnswer,
    description:
      'The user is forgotten, and copies are still being deleted, or no checkpoint covers it yet. Ask again.',
  })
  @ApiProblems('unauthenticated', 'wrong-credentials')
  @ApiProblems('not-found', 'user-not-found')
  @ApiProblems('broken-rule', 'last-operator')
  @ApiProblems('version-conflict', 'version-conflict')
  @ApiProblems('throttled', 'too-many-requests')
  async erase(
    @CurrentUser() caller: SignedInUser,
    @Param('userId', UuidParam) userId: string,
    @Body() body: ForgetUserDto,
    @Ip() address: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ErasureAnswer> {
    refuseUnlessOwnerOrOperator(caller, userId);
    const by = caller.userId === userId ? theUser(body, address) : anOperator(body);
    await this.commands.execute(new ForgetUserCommand(userId, by, new Date()));
    const { position } = this.context.outcome!;
    const certificate = await this.forgotten.certificateOf(userId, position, caller.userId);
    if (certificate) return { userId, certificate };
    reply.status(202).header('leftfold-sealed', 'false');
    return { userId };
  }
}

function theUser({ password, reason }: ForgetUserDto, address: string): ForgettingBy {
  if (reason !== undefined)
    throw ValidationFailedError.ofField('reason', 'reason is for operators: send the password.');
  if (password === undefined) throw ValidationFailedError.ofField('password', 'password must be the current password.');
  return { password, address };
}

function anOperator({ password, reason }: ForgetUserDto): ForgettingBy {
  if (password !== undefined)
    throw ValidationFailedError.ofField('password', 'password is for the user: send a reason.');
  if (reason === undefined) throw ValidationFailedError.ofField('reason', 'reason must say why the user is forgotten.');
  return { reason };
}
