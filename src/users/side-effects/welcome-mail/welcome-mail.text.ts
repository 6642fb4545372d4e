/**
 * A name that no mail program makes a link of, and that is too short for a message: a stranger may have chosen it, and the mail goes
 * to whatever address the stranger gave. A dot may only end a word.
 */
const PLAIN_NAME = /^(?=.{1,40}$)[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}'’ -]|\.(?= |$))*$/u;
const MOST_WORDS = 4;

/** What the mail says to somebody who has just registered. */
export function welcomeMailFor(username: string): { subject: string; text: string } {
  return {
    subject: 'Welcome to Leftfold',
    text: `Hello${isPlain(username) ? ` ${username}` : ''},

welcome to Leftfold, and thank you for registering. Your account is ready:
sign in with this e-mail address and the password that you chose.

If it was not you who registered, please ignore this mail.

Leftfold
`,
  };
}

function isPlain(username: string): boolean {
  return PLAIN_NAME.test(username) && username.split(' ').length <= MOST_WORDS && !/\p{N}{7}/u.test(username);
}
