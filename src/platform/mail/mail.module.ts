import { resolve } from 'node:path';
import { Global, Logger, Module, type OnModuleInit } from '@nestjs/common';
import { describeSmtpServer } from '../config/mail-variables.js';
import { Settings } from '../config/settings.js';
import { FolderMailer, OutboxFolder } from './folder-mailer.js';
import { Mailer } from './mailer.js';

/**
 * Outgoing mail. Import it before the kernel: Nest shuts global modules down in reverse order, so the subscriptions end
 * before this module.
 */
@Global()
@Module({
  providers: [
    { provide: OutboxFolder, useFactory: () => new OutboxFolder(resolve('data', 'outbox')) },
    {
      provide: Mailer,
      inject: [Settings, OutboxFolder],
      useFactory: async ({ mail: { server, from } }: Settings, folder: OutboxFolder): Promise<Mailer> => {
        if (!server) return new FolderMailer(folder, from);
        // Only here, because it brings Nodemailer.
        const { SmtpMailer } = await import('./smtp-mailer.js');
        return new SmtpMailer(server, from);
      },
    },
  ],
  exports: [Mailer],
})
export class MailModule implements OnModuleInit {
  private readonly logger = new Logger('Mail');

  constructor(
    private readonly settings: Settings,
    private readonly folder: OutboxFolder,
  ) {}

  onModuleInit(): void {
    const { server } = this.settings.mail;
    if (server) this.logger.log(`Mails go to ${describeSmtpServer(server)}`);
    else this.logger.log(`Mails are written to ${this.folder.path}, because SMTP_URL is not set`);
  }
}
