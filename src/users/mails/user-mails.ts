import { AggregateRepository } from '@leftfold/core';
import { Injectable, Logger } from '@nestjs/common';
import { type Mail, Mailer } from '../../platform/mail/mailer.js';
import { User } from '../domain/user.aggregate.js';

/** A mail to a user. The address is absent in an event about a forgotten user. */
export type UserMail = Omit<Mail, 'to'> & { readonly userId: string; readonly to: string | undefined };

/** Sends mails to users. */
@Injectable()
export class UserMails {
  private readonly logger = new Logger('Mails');

  constructor(
    private readonly mailer: Mailer,
    private readonly aggregates: AggregateRepository,
  ) {}

  /**
   * A mail that waited, and whose user was forgotten meanwhile, is dropped, and the log says so.
   * @throws what the mailer throws, for a retry
   */
  async send({ userId, to, ...mail }: UserMail): Promise<void> {
    const { forgotten } = await this.aggregates.load(User, userId);
    if (forgotten || to === undefined) {
      this.logger.log(`Dropped the mail ${mail.id}: user ${userId} is forgotten.`);
      return;
    }
    await this.mailer.send({ to, ...mail });
  }
}
