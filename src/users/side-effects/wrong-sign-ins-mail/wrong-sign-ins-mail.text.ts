/** The text of the mail to a user with many wrong sign-ins. */
export function wrongSignInsMailFor(noticedAt: string): { subject: string; text: string } {
  return {
    subject: 'Wrong sign-ins to your Leftfold account',
    text: `Hello,

many sign-ins to your account at Leftfold had a wrong password, the last
one at ${noticedAt}. The account is not locked. Signing in
takes a few seconds longer for a while.

If it was not you, somebody may be guessing your password. Choose a long
one that you use nowhere else.

Leftfold
`,
  };
}
