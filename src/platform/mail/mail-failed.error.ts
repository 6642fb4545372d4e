import { withoutPersonalData } from '@leftfold/core';

/**
 * A mail was not accepted. Servers repeat the recipient in their answers, and this text is stored and shown to operators, so addresses
 * are removed from it.
 */
export class MailFailedError extends Error {
  private constructor(
    message: string,
    /** Error code of the connection or the protocol, such as ESOCKET or EENVELOPE. */
    readonly code: string | undefined,
  ) {
    super(message);
    this.name = 'MailFailedError';
  }

  /** @param to the recipient, which may be a quoted address that does not look like one */
  static from(error: Error & { code?: unknown }, to: string): MailFailedError {
    const message = withoutPersonalData(error.message.replaceAll(to, '[address]'));
    return new MailFailedError(message, typeof error.code === 'string' ? error.code : undefined);
  }
}
