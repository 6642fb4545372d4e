import { domainToASCII } from 'node:url';
import type { SendMailOptions } from 'nodemailer';
import type { Mailbox } from '../config/mail-variables.js';
import type { Mail } from './mailer.js';

/** The message as it is sent. It does not depend on the current time, so a retry sends the same bytes. */
export function compose({ id, to, subject, text, date }: Mail, from: Mailbox): SendMailOptions {
  return {
    messageId: `<${id}@${domainOf(from)}>`,
    date,
    from: { ...from },
    // Not as text, which would be split at commas and quotation marks.
    to: { name: '', address: to },
    subject,
    text,
    // RFC 3834: asks automatic responders not to answer.
    headers: { 'Auto-Submitted': 'auto-generated' },
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function domainOf({ address }: Mailbox): string {
  return domainToASCII(address.slice(address.lastIndexOf('@') + 1));
}
