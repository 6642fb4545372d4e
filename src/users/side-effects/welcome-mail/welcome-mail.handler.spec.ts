import type { EventContext } from '@leftfold/core';
import { type Mail, Mailer } from '../../../platform/mail/mailer.js';
import { aRegisteredUser, NOW, USER_ID } from '../../testing/user.fixtures.js';
import { WelcomeMailHandler } from './welcome-mail.handler.js';

const CONTEXT: EventContext = {
  eventId: '018f2b6e-0000-7000-8000-0000000000ee',
  position: 7,
  stream: `user-${USER_ID}`,
  version: 1,
  metadata: { correlationId: 'c-1', actor: 'anonymous' },
  recordedAt: NOW,
  part: 0,
};

class RecordingMailer extends Mailer {
  readonly sent: Mail[] = [];
  failure: Error | undefined;

  async send(mail: Mail): Promise<void> {
    if (this.failure) throw this.failure;
    this.sent.push(mail);
  }
}

const mailer = new RecordingMailer();
const handler = new WelcomeMailHandler(mailer);

beforeEach(() => {
  mailer.sent.length = 0;
  mailer.failure = undefined;
});

it('greets a new user by name, at the address of the event', async () => {
  await handler.handle(aRegisteredUser(), CONTEXT);

  expect(mailer.sent).toEqual([
    {
      id: 'welcome.018f2b6e-0000-7000-8000-0000000000ee',
      to: 'ann@example.com',
      subject: 'Welcome to Leftfold',
      text: expect.stringMatching(/^Hello ann,\n/),
      date: NOW,
    },
  ]);
});

it('sends the same mail when the event is delivered again, and another id for another event', async () => {
  await handler.handle(aRegisteredUser(), CONTEXT);
  await handler.handle(aRegisteredUser(), { ...CONTEXT, position: 7 });
  await handler.handle(aRegisteredUser(), { ...CONTEXT, eventId: '018f2b6e-0000-7000-8000-0000000000ff' });

  const [first, again, other] = mailer.sent;
  expect(again).toEqual(first);
  expect(other?.id).not.toBe(first?.id);
});

it('throws the error of the mail server, so that the event is retried', async () => {
  mailer.failure = new Error('451 Not now');

  await expect(handler.handle(aRegisteredUser(), CONTEXT)).rejects.toBe(mailer.failure);
});
