import type { RawMessage } from './incoming-message.js';

/** A dead letter that an operator retries, and that this process has claimed. */
export interface ClaimedMessage extends RawMessage {
  readonly id: string;
  readonly handler: string;
  /** Attempts since the retry was requested, including this one. */
  readonly tries: number;
  /** Those of them that are known to have failed. */
  readonly failures: number;
  /** Error of the last attempt. */
  readonly error: string;
}

/** A row of the inbox, as the driver returns it. */
export type InboxRow = Readonly<Record<string, string | number | null>>;

export function claimedMessage(row: InboxRow): ClaimedMessage {
  return {
    id: row.id as string,
    handler: row.handler as string,
    subject: row.subject as string,
    body: Buffer.from(row.body as string, 'base64'),
    tries: Number(row.tries),
    failures: Number(row.failures),
    error: row.error as string,
  };
}
