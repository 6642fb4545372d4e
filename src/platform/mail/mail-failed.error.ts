import { withoutPersonalData } from '@leftfold/core';

/**
 * A mail was not taken. Servers repeat the recipient in what they answer, and this text is stored and shown to operators, so no address
 * is left in it.
 */
export class MailFailedError extends Error {
  private constructor(
    message: string,
    /** Of the connection or the protocol, such as ESOCKET or EENVELOPE. */
    readonly code: string | undefined,
  ) {
    super(message);
    this.name = 'MailFailedError';
  }

  /** @param to the recipient, which may be an address in quotation marks that looks like none */
  static from(error: Error & { code?: unknown }, to: string): MailFailedError {
    const message = withoutPersonalData(error.message.replaceAll(to, '[address]'));
    return new MailFailedError(message, typeof error.code === 'string' ? error.code : undefined);
  }
}
