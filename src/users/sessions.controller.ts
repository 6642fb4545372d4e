import { MessageContext } from '@leftfold/core';
import { ApiProblems, Public, RefusesIdempotencyKey, TakesNoBody } from '@leftfold/http';
import { Body, Controller, Delete, HttpCode, Ip, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOperation,
  ApiProperty,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AccessTokens } from '../platform/auth/access-tokens.js';
import { holderOf } from '../platform/auth/signed-in-user.js';
import { EndSessionCommand } from './commands/end-session/end-session.command.js';
import { SignInCommand } from './commands/sign-in/sign-in.command.js';
import { SignInDto } from './commands/sign-in/sign-in.dto.js';

class SessionAnswer {
  @ApiProperty()
  readonly accessToken: string;

  @ApiProperty({ format: 'date-time' })
  readonly expiresAt: string;

  @ApiProperty({ format: 'uuid' })
  readonly userId: string;
}

@ApiTags('sessions')
@Controller('sessions')
export class SessionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly tokens: AccessTokens,
    private readonly context: MessageContext,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Sign in',
    description:
      'Answers a token to send as `Authorization: Bearer`, also right after the registration. A wrong password and an unknown address get the same refusal.',
  })
  @Public()
  @RefusesIdempotencyKey()
  @ApiCreatedResponse({ type: SessionAnswer })
  @ApiProblems('unauthenticated', 'wrong-credentials')
  @ApiProblems('throttled', 'too-many-requests')
  async signIn(@Body() { email, password }: SignInDto, @Ip() address: string): Promise<SessionAnswer> {
    const signedIn = await this.commands.execute(new SignInCommand(email, password, address, new Date()));
    // The event of the sign-in identifies the session.
    const { version } = this.context.outcome!;
    return { ...this.tokens.issue({ ...signedIn, version }), userId: signedIn.userId };
  }

  @Delete('current')
  @TakesNoBody()
  @ApiOperation({
    summary: 'Sign out',
    description: 'The token of this request is refused on every node within a second.',
  })
  @HttpCode(204)
  @ApiBearerAuth()
  @ApiNoContentResponse({ description: 'The token is no longer valid.' })
  @ApiProblems('version-conflict', 'version-conflict')
  signOut(@Req() request: FastifyRequest): Promise<void> {
    const { userId, version, expiresAt } = holderOf(request);
    return this.commands.execute(new EndSessionCommand(userId, version, new Date(), expiresAt));
  }
}
