/** A plain-text mail to one person. */
export interface Mail {
  /** Identifies the mail: the same for every retry, and unique to the mail. It is the part of the Message-ID before the `@`. */
  readonly id: string;
  /** The bare address, without a name. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** When the reported event happened, so that a retry looks no newer. */
  readonly date: Date;
}

/** Sends mails. */
export abstract class Mailer {
  /**
   * Resolves once the mail has been accepted. A rejection leaves it unknown whether the mail was accepted: send it again; the
   * Message-ID lets the recipient recognize a duplicate.
   */
  abstract send(mail: Mail): Promise<void>;
}
