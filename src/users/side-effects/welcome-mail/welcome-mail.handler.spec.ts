import type { EventContext } from '@leftfold/core';
import { type UserMail, UserMails } from '../../mails/user-mails.js';
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

const sent: UserMail[] = [];
let failure: Error | undefined;
const mails: Pick<UserMails, 'send'> = {
  send: async (mail) => {
    if (failure) throw failure;
    sent.push(mail);
  },
};
const handler = new WelcomeMailHandler(mails as UserMails);

beforeEach(() => {
  sent.length = 0;
  failure = undefined;
});

it('greets a new user by name, at the address of the event', async () => {
  await handler.handle(aRegisteredUser(), CONTEXT);

  expect(sent).toEqual([
    {
      id: 'welcome.018f2b6e-0000-7000-8000-0000000000ee',
      userId: USER_ID,
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

  const [first, again, other] = sent;
  expect(again).toEqual(first);
  expect(other?.id).not.toBe(first?.id);
});

it('throws the error of the mail server, so that the event is retried', async () => {
  failure = new Error('451 Not now');

  await expect(handler.handle(aRegisteredUser(), CONTEXT)).rejects.toBe(failure);
});
