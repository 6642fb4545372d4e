import { type EventContext, Retry, SideEffect, type SideEffectHandler } from '@leftfold/core';
import { EventsHandler } from '@nestjs/cqrs';
import { UserRegistered } from '../../events/user-registered.event.js';
import { UserMails } from '../../mails/user-mails.js';
import { welcomeMailFor } from './welcome-mail.text.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/**
 * Greets a new user at least once. A retry sends the same mail, with the same Message-ID. Retries continue for most of a
 * day, because mail servers can be down for hours, and also answer "not now" to unknown senders.
 */
@SideEffect({ name: 'users.welcome-mail', startAt: 'now' })
@Retry({ attempts: 60, backoff: { first: SECOND, longest: 30 * MINUTE } })
@EventsHandler(UserRegistered)
export class WelcomeMailHandler implements SideEffectHandler<UserRegistered> {
  constructor(private readonly mails: UserMails) {}

  async handle({ userId, email, username }: UserRegistered, { eventId, recordedAt }: EventContext): Promise<void> {
    const mail = welcomeMailFor(username ?? '');
    await this.mails.send({ id: `welcome.${eventId}`, userId, to: email, date: recordedAt, ...mail });
  }
}
