/**
 * A name that no mail program turns into a link and that is too short for a message. A stranger may have chosen both the name and
 * the address that the mail goes to. A dot may only end a word.
 */
const PLAIN_NAME = /^(?=.{1,40}$)[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}'’ -]|\.(?= |$))*$/u;
const MOST_WORDS = 4;

/** The text of the mail to a new user. */
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
