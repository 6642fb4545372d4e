import { welcomeMailFor } from './welcome-mail.text.js';

it('greets by user name, and fits into the lines of any mail program', () => {
  const { subject, text } = welcomeMailFor('Ann Ä. 1');

  expect(subject).toBe('Welcome to Leftfold');
  expect(text).toMatch(/^Hello Ann Ä\. 1,\n\n/);
  for (const line of text.split('\n')) expect(line.length).toBeLessThan(78);
});

it('leads nowhere, so that nobody learns to follow links in such mails', () => {
  expect(welcomeMailFor('ann').text).not.toMatch(/https?:|www\./);
});
