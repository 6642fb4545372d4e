import { domainToASCII } from 'node:url';
import type { SendMailOptions } from 'nodemailer';
import type { Mailbox } from '../config/mail-variables.js';
import type { Mail } from './mailer.js';

/** The message as it leaves. Nothing in it depends on when that is: one that is sent again has the same bytes. */
export function compose({ id, to, subject, text, date }: Mail, from: Mailbox): SendMailOptions {
  return {
    messageId: `<${id}@${domainOf(from)}>`,
    date,
    from: { ...from },
    // Not as text, which would be taken apart at commas and quotation marks.
    to: { name: '', address: to },
    subject,
    text,
    // RFC 3834: asks answering machines not to answer.
    headers: { 'Auto-Submitted': 'auto-generated' },
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function domainOf({ address }: Mailbox): string {
  return domainToASCII(address.slice(address.lastIndexOf('@') + 1));
}
