import { type EventContext, Retry, SideEffect, type SideEffectHandler } from '@leftfold/core';
import { EventsHandler } from '@nestjs/cqrs';
import { Mailer } from '../../../platform/mail/mailer.js';
import { WrongSignInsNoticed } from '../../events/wrong-sign-ins-noticed.event.js';
import { wrongSignInsMailFor } from './wrong-sign-ins-mail.text.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Tells a user, at least once, that someone may be guessing the password. Retries continue for most of a day. */
@SideEffect({ name: 'users.wrong-sign-ins-mail', startAt: 'now' })
@Retry({ attempts: 60, backoff: { first: SECOND, longest: 30 * MINUTE } })
@EventsHandler(WrongSignInsNoticed)
export class WrongSignInsMailHandler implements SideEffectHandler<WrongSignInsNoticed> {
  constructor(private readonly mailer: Mailer) {}

  async handle({ email, noticedAt }: WrongSignInsNoticed, { eventId, recordedAt }: EventContext): Promise<void> {
    const mail = wrongSignInsMailFor(noticedAt);
    await this.mailer.send({ id: `wrong-sign-ins.${eventId}`, to: email, date: recordedAt, ...mail });
  }
}
