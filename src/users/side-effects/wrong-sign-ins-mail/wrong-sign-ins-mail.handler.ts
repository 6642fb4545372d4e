import { type EventContext, Retry, SideEffect, type SideEffectHandler } from '@leftfold/core';
import { EventsHandler } from '@nestjs/cqrs';
import { WrongSignInsNoticed } from '../../events/wrong-sign-ins-noticed.event.js';
import { UserMails } from '../../mails/user-mails.js';
import { wrongSignInsMailFor } from './wrong-sign-ins-mail.text.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Tells a user, at least once, that someone may be guessing the password. Retries continue for most of a day. */
@SideEffect({ name: 'users.wrong-sign-ins-mail', startAt: 'now' })
@Retry({ attempts: 60, backoff: { first: SECOND, longest: 30 * MINUTE } })
@EventsHandler(WrongSignInsNoticed)
export class WrongSignInsMailHandler implements SideEffectHandler<WrongSignInsNoticed> {
  constructor(private readonly mails: UserMails) {}

  async handle({ userId, email, noticedAt }: WrongSignInsNoticed, context: EventContext): Promise<void> {
    const { eventId, recordedAt } = context;
    const mail = wrongSignInsMailFor(noticedAt);
    await this.mails.send({ id: `wrong-sign-ins.${eventId}`, userId, to: email, date: recordedAt, ...mail });
  }
}
