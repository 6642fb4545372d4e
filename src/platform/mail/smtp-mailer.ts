import type { OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import type { Mailbox, SmtpServer } from '../config/mail-variables.js';
import { compose } from './compose.js';
import { MailFailedError } from './mail-failed.error.js';
import { type Mail, Mailer } from './mailer.js';

/** In ms. */
const LIMITS = {
  /** How long a server may be silent. */
  silence: 10_000,
  /** How long one mail may take in total: a server can be slow without being silent. */
  mail: 20_000,
  /** How long a shutdown waits for mails that are being sent. The whole shutdown has 10 s. */
  shutdown: 4_000,
};

/** Sends through an SMTP server, over connections that stay open. */
export class SmtpMailer extends Mailer implements OnModuleDestroy, OnApplicationShutdown {
  private readonly transport;
  private cutOff: NodeJS.Timeout | undefined;

  constructor(
    { host, port, secure, user, password }: SmtpServer,
    private readonly from: Mailbox,
    private readonly limits = LIMITS,
  ) {
    super();
    this.transport = createTransport({
      pool: true,
      host,
      port,
      secure,
      ...(user === undefined ? {} : { auth: { user, pass: password } }),
      // Traffic to this machine can't be intercepted, and `localhost` rarely has a certificate.
      tls: { rejectUnauthorized: !isLoopback(host) },
      dnsTimeout: limits.silence,
      connectionTimeout: limits.silence,
      greetingTimeout: limits.silence,
      socketTimeout: limits.silence,
      // The caller retries and counts the attempts.
      maxRequeues: 0,
    });
  }

  /** @throws MailFailedError */
  async send(mail: Mail): Promise<void> {
    try {
      await this.transport.sendMail({ ...compose(mail, this.from), signal: AbortSignal.timeout(this.limits.mail) });
    } catch (error) {
      throw MailFailedError.from(error as Error, mail.to);
    }
  }

  /** The caller awaits the mail, so a server that hangs would delay the end of the process. */
  onModuleDestroy(): void {
    this.cutOff = setTimeout(() => this.transport.close({ force: true }), this.limits.shutdown).unref();
  }

  onApplicationShutdown(): void {
    clearTimeout(this.cutOff);
    this.transport.close({ force: true });
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);
}
