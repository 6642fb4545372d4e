import { welcomeMailFor } from './welcome-mail.text.js';

it('greets by user name, in lines that fit any mail program', () => {
  const { subject, text } = welcomeMailFor('Ann Ä. 1');

  expect(subject).toBe('Welcome to Leftfold');
  expect(text).toMatch(/^Hello Ann Ä\. 1,\n\n/);
  for (const line of text.split('\n')) expect(line.length).toBeLessThan(78);
});

it.each([
  'https://evil.example',
  'evil.example',
  'You won: a@evil.example',
  'Your account is closed call us today',
  'Call 0123456789',
  'x'.repeat(41),
  'Ann\r\nBcc: b@evil.example',
])('does not repeat a name that could be a message or a link: %j', (username) => {
  expect(welcomeMailFor(username).text).toMatch(/^Hello,\n\n/);
});

it.each(["Ann O'Neill-Müller Jr.", 'Ⅳ', '李小龙', 'ann_1'.replace('_', ' ')])('greets %s by name', (username) => {
  expect(welcomeMailFor(username).text).toContain(`Hello ${username},\n`);
});

it('contains no link, so that users don’t learn to follow links in such mails', () => {
  expect(welcomeMailFor('ann').text).not.toMatch(/https?:|www\./);
});
