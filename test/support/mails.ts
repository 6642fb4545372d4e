import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestDatabase } from './databases.js';

/** The mails in an app's outbox that contain this text. */
export async function mailsIn({ folder }: Pick<TestDatabase, 'folder'>, text: string): Promise<string[]> {
  const outbox = join(folder, 'outbox');
  const names = (await readdir(outbox)).filter((name) => name.endsWith('.eml'));
  const mails = await Promise.all(names.map((name) => readFile(join(outbox, name), 'utf8')));
  return mails.filter((mail) => mail.includes(text));
}
