import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Mailbox } from '../config/mail-variables.js';
import { compose } from './compose.js';
import { type Mail, Mailer } from './mailer.js';

/** The folder that mails are written to when there is no server. */
export class OutboxFolder {
  constructor(readonly path: string) {}
}

/** Writes each mail to a file that only its owner can read and that mail programs open. A retry replaces the file. */
export class FolderMailer extends Mailer {
  constructor(
    private readonly folder: OutboxFolder,
    private readonly from: Mailbox,
  ) {
    super();
  }

  async send(mail: Mail): Promise<void> {
    const message = compose(mail, this.from);
    // For the first mail, because most processes that end soon send none.
    const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
    await mkdir(this.folder.path, { recursive: true, mode: 0o700 });
    await replaceFile(join(this.folder.path, fileNameOf(mail)), await new MailComposer(message).compile().build());
  }
}

/** Characters that not every file system accepts are percent-encoded, so that two ids never get the same name. */
function fileNameOf({ id }: Mail): string {
  return `${encodeURIComponent(id).replaceAll('*', '%2A')}.eml`;
}

/**
 * Readers see complete files only, even when two processes write the same one. Until a file is complete its name begins
 * with a dot: `ls`, `cat *` and mail programs pass it over.
 */
async function replaceFile(path: string, content: Buffer): Promise<void> {
  const part = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`);
  try {
    await writeFile(part, content, { flush: true, mode: 0o600 });
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
