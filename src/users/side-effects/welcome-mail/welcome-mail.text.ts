/** What the mail says to somebody who has just registered. */
export function welcomeMailFor(username: string): { subject: string; text: string } {
  return {
    subject: 'Welcome to Leftfold',
    text: `Hello ${username},

welcome to Leftfold, and thank you for registering. Your account is ready:
sign in with this e-mail address and the password that you chose.

If it was not you who registered, please ignore this mail.

Leftfold
`,
  };
}
