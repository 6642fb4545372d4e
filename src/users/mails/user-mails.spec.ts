import type { AggregateRepository } from '@leftfold/core';
import { ConsoleLogger, Logger } from '@nestjs/common';
import { type Mail, Mailer } from '../../platform/mail/mailer.js';
import type { Forgotten } from '../domain/user.aggregate.js';
import { NOW, USER_ID } from '../testing/user.fixtures.js';
import { UserMails } from './user-mails.js';

class RecordingMailer extends Mailer {
  readonly sent: Mail[] = [];

  async send(mail: Mail): Promise<void> {
    this.sent.push(mail);
  }
}

const MAIL = { id: 'welcome.1', userId: USER_ID, to: 'ann@example.com', subject: 'Hello', text: 'Hello', date: NOW };

describe('mails to users', () => {
  const mailer = new RecordingMailer();
  const lines: string[] = [];
  const mailsTo = (forgotten: Forgotten | null): UserMails =>
    new UserMails(mailer, { load: async () => ({ forgotten }) } as unknown as AggregateRepository);

  beforeAll(() => {
    Logger.overrideLogger(Object.assign(new ConsoleLogger(), { log: (line: string) => void lines.push(line) }));
  });

  beforeEach(() => {
    mailer.sent.length = 0;
    lines.length = 0;
  });

  it('are sent', async () => {
    await mailsTo(null).send(MAIL);

    const { userId: _, ...mail } = MAIL;
    expect(mailer.sent).toEqual([mail]);
    expect(lines).toEqual([]);
  });

  it.each<[string, Forgotten | null, string | undefined]>([
    ['is forgotten', { checkpoint: null }, MAIL.to],
    ['is forgotten, and whose address is absent', { checkpoint: null }, undefined],
    ['has no address in the event any more', null, undefined],
  ])('are dropped for a user who %s, and the log says so', async (_, forgotten, to) => {
    await mailsTo(forgotten).send({ ...MAIL, to });

    expect(mailer.sent).toEqual([]);
    expect(lines).toEqual([`Dropped the mail welcome.1: user ${USER_ID} is forgotten.`]);
  });
});
