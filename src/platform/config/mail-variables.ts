import { isEmail } from 'class-validator';
import addressparser from 'nodemailer/lib/addressparser';
import { SettingsError } from './settings.error.js';
import type { Variables } from './variables.js';

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. Otherwise TLS starts when the server offers it. */
  readonly secure: boolean;
  readonly user?: string;
  readonly password?: string;
}

export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

export interface MailSettings {
  /** Undefined without a server: mails are then written to a folder. */
  readonly server: SmtpServer | undefined;
  readonly from: Mailbox;
}

const FORM = 'smtp://<user>:<password>@<host>:<port>, or smtps:// for TLS from the start';
const PORTS: Record<string, number> = { 'smtp:': 587, 'smtps:': 465 };
const DEFAULT_FROM = 'Leftfold <no-reply@localhost>';
const FROM_REMEDY = 'set it to one, such as Leftfold <no-reply@example.com>.';

export function readMail(variables: Variables, environment: string): MailSettings {
  const url = variables.text('SMTP_URL');
  const from = variables.text('MAIL_FROM');
  if (environment === 'production' && url !== undefined && from === undefined) {
    throw new SettingsError('MAIL_FROM', `is missing in production, and SMTP_URL is set; ${FROM_REMEDY}`);
  }
  return { server: url === undefined ? undefined : readServer(url), from: readMailbox(from ?? DEFAULT_FROM) };
}

/** The server's address without user and password. */
export function describeSmtpServer({ host, port, secure }: SmtpServer): string {
  return `${secure ? 'smtps' : 'smtp'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The text may hold a password, so no error repeats it. */
function readServer(text: string): SmtpServer {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const defaultPort = url && PORTS[url.protocol];
  if (!url || defaultPort === undefined || !/^(\[[\da-f:.]+\]|[\w.-]+)$/i.test(url.hostname)) {
    throw new SettingsError('SMTP_URL', `must be ${FORM}.`);
  }
  if (!/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '') {
    throw new SettingsError('SMTP_URL', `must have nothing behind the port; set it to ${FORM}.`);
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || defaultPort,
    secure: url.protocol === 'smtps:',
    ...(url.username === '' ? {} : { user: decode(url.username), password: decode(url.password) }),
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new SettingsError(
      'SMTP_URL',
      'has a % in its user or password that encodes nothing; write %25 for a percent sign.',
    );
  }
}

function readMailbox(text: string): Mailbox {
  const [mailbox, ...others] = addressparser(text, { flatten: true });
  const printable = !/\p{C}/u.test(text);
  // Machines without a domain use no-reply@localhost.
  if (mailbox && others.length === 0 && printable && isEmail(mailbox.address, { require_tld: false })) {
    return { name: mailbox.name, address: mailbox.address };
  }
  throw new SettingsError('MAIL_FROM', `is no e-mail address; ${FROM_REMEDY}`);
}
