/** The text of the mail to a user who has forgotten the password. */
export function resetMailFor(token: string, expiresAt: string): { subject: string; text: string } {
  return {
    subject: 'A new password for Leftfold',
    text: `Hello,

somebody, probably you, asked for a new password for your account at
Leftfold. This token lets you choose one. It works once, until
${expiresAt}:

${token}

If it was not you, ignore this mail. Your password stays as it is.

Leftfold
`,
  };
}
