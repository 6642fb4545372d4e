import { MessageContext } from '@leftfold/core';
import { ApiProblems, OutsideTheBuses, Public, RefusesIdempotencyKey } from '@leftfold/http';
import { Body, Controller, HttpCode, Ip, Logger, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequestPasswordResetCommand } from './commands/request-password-reset/request-password-reset.command.js';
import { RequestPasswordResetDto } from './commands/request-password-reset/request-password-reset.dto.js';
import { ResetPasswordCommand } from './commands/reset-password/reset-password.command.js';
import { ResetPasswordDto } from './commands/reset-password/reset-password.dto.js';
import { ResetTokens } from './credentials/reset-tokens.js';
import { RequestLimits } from './limits/request-limits.js';
import { UserIdAnswer } from './user.answer.js';

/** For users who have forgotten their password. */
@ApiTags('sessions')
@Controller('password-resets')
@Public()
export class PasswordResetsController {
  private readonly logger = new Logger('Password resets');

  constructor(
    private readonly commands: CommandBus,
    private readonly tokens: ResetTokens,
    private readonly context: MessageContext,
    private readonly limits: RequestLimits,
  ) {}

  /** The answer is sent before the user is looked up, so that neither its text nor its delay reveals whether the user exists. */
  @Post()
  @ApiOperation({
    summary: 'Ask for a new password',
    description: 'Mails a token to the address, if somebody has it. The answer is the same when nobody has.',
  })
  @OutsideTheBuses()
  @RefusesIdempotencyKey()
  @HttpCode(202)
  @ApiAcceptedResponse({ description: 'If a user has this address, a mail with a token is sent.' })
  @ApiProblems('throttled', 'too-many-requests')
  async request(@Body() { email }: RequestPasswordResetDto, @Ip() address: string): Promise<void> {
    const now = new Date();
    await this.limits.admit({ purpose: 'password reset', address, now });
    const claim = await this.limits.claimMail('password reset', email, now);
    const origin = { actor: 'anonymous', correlationId: this.context.origin.correlationId };
    this.context
      .run(origin, () => this.commands.execute(new RequestPasswordResetCommand(email, now)))
      .then(
        () => claim.confirm(),
        (error: Error) => {
          this.logger.warn(`No mail for a forgotten password; ask again. ${error.message}`);
          return claim.takeBack();
        },
      )
      .catch((error: Error) => this.logger.warn(`Another mail can be asked for in a minute: ${error.message}`));
  }

  @Post('redemption')
  @ApiOperation({
    summary: 'Set a new password with a mailed token',
    description: 'The token is used up, and every session of the user ends.',
  })
  @RefusesIdempotencyKey()
  @HttpCode(200)
  @ApiOkResponse({ type: UserIdAnswer })
  @ApiProblems('unauthenticated', 'token-invalid')
  redeem(@Body() { token, newPassword }: ResetPasswordDto): Promise<UserIdAnswer> {
    const { userId, resetId } = this.tokens.read(token);
    return this.commands.execute(new ResetPasswordCommand(userId, resetId, newPassword, new Date()));
  }
}
