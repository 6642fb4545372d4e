import { type EventContext, Retry, SideEffect, type SideEffectHandler } from '@leftfold/core';
import { EventsHandler } from '@nestjs/cqrs';
import { ResetTokens } from '../../credentials/reset-tokens.js';
import { PasswordResetRequested } from '../../events/password-reset-requested.event.js';
import { UserMails } from '../../mails/user-mails.js';
import { resetMailFor } from './reset-mail.text.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Sends the token at least once, for as long as it is valid: an hour. */
@SideEffect({ name: 'users.reset-mail', startAt: 'now' })
@Retry({ attempts: 15, backoff: { first: SECOND, longest: 5 * MINUTE } })
@EventsHandler(PasswordResetRequested)
export class ResetMailHandler implements SideEffectHandler<PasswordResetRequested> {
  constructor(
    private readonly mails: UserMails,
    private readonly tokens: ResetTokens,
  ) {}

  async handle({ userId, resetId, email, expiresAt }: PasswordResetRequested, context: EventContext): Promise<void> {
    if (new Date(expiresAt) < new Date()) return;
    const token = this.tokens.issue({ userId, resetId });
    const { eventId, recordedAt } = context;
    const mail = resetMailFor(token, expiresAt);
    await this.mails.send({ id: `reset.${eventId}`, userId, to: email, date: recordedAt, ...mail });
  }
}
