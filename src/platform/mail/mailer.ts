/** A mail to one person, in plain text. */
export interface Mail {
  /** Which mail it is: the same when it is sent again, and like no other. It stands in the Message-ID, before the `@`. */
  readonly id: string;
  /** The address alone. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** When what it tells of happened, so that one sent again looks no newer. */
  readonly date: Date;
}

/** Hands mails over to whoever delivers them. */
export abstract class Mailer {
  /**
   * Settles once the mail is in other hands. After a rejection nobody knows whether it is: send it again, and whoever gets
   * it twice can tell by the Message-ID.
   */
  abstract send(mail: Mail): Promise<void>;
}
