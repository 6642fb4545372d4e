import { watch } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { headerOf, MailServer, textOf } from '../testing/mail-server.js';
import { FolderMailer, OutboxFolder } from './folder-mailer.js';
import type { Mail } from './mailer.js';
import { SmtpMailer } from './smtp-mailer.js';

const FROM = { name: 'Leftfold', address: 'no-reply@leftfold.example' };
const MAIL: Mail = {
  id: 'test.1',
  to: 'ann@example.com',
  subject: 'A subject',
  text: 'Hello Ann.\n',
  date: new Date('2026-01-31T12:00:00.000Z'),
};

let parent: string;
let folder: string;
let mailer: FolderMailer;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'outbox-'));
  folder = join(parent, 'data', 'outbox');
  mailer = new FolderMailer(new OutboxFolder(folder), FROM);
});

afterEach(() => rm(parent, { recursive: true }));

const read = (file: string): Promise<string> => readFile(join(folder, file), 'utf8');

it('creates the folder with the first mail', async () => {
  expect(await readdir(parent)).toEqual([]);

  await mailer.send(MAIL);

  expect(await readdir(folder)).toEqual(['test.1.eml']);
  if (process.platform !== 'win32') {
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, 'test.1.eml'))).mode & 0o777).toBe(0o600);
  }
  expect(headerOf(await read('test.1.eml'), 'To')).toBe('ann@example.com');
  expect(headerOf(await read('test.1.eml'), 'Message-ID')).toBe('<test.1@leftfold.example>');
  expect(textOf(await read('test.1.eml'))).toBe('Hello Ann.\r\n');
});

it('replaces only the file of the same mail when it is sent again', async () => {
  await mailer.send(MAIL);
  await mailer.send({ ...MAIL, id: 'test.2' });
  await writeFile(join(folder, 'test.1.eml'), 'half a ma');
  const { ino } = await stat(join(folder, 'test.1.eml'));

  await mailer.send(MAIL);

  expect((await readdir(folder)).toSorted()).toEqual(['test.1.eml', 'test.2.eml']);
  expect(textOf(await read('test.1.eml'))).toBe('Hello Ann.\r\n');
  // A new file under the same name: the old one, which may be open, was not written to.
  expect((await stat(join(folder, 'test.1.eml'))).ino).not.toBe(ino);
});

it('shows complete files only, even when many processes write the same mail at once', async () => {
  const text = 'A line that is long enough to be worth a look.\n'.repeat(2_000);
  await mailer.send({ ...MAIL, text });
  const whole = await read('test.1.eml');

  const writing = new Set(Array.from({ length: 20 }, () => mailer.send({ ...MAIL, text })));
  const written = Promise.all(Array.from(writing, (each) => each.then(() => writing.delete(each))));
  const seen = new Set<string>();
  while (writing.size > 0) seen.add(await read('test.1.eml'));
  await written;

  expect([...seen]).toEqual([whole]);
  expect(await readdir(folder)).toEqual(['test.1.eml']);
});

it('hides a file that is not complete from `*`', async () => {
  await mkdir(folder, { recursive: true });
  const names = new Set<string>();
  // Is told of each name, however short it was there.
  const watcher = watch(folder, (_, name) => names.add(name!));

  await mailer.send(MAIL);
  while (!names.has('test.1.eml')) await setTimeout(5);
  watcher.close();

  expect([...names]).toEqual([expect.stringMatching(/^\.test\.1\.eml\..*\.part$/), 'test.1.eml']);
});

it('uses names that every file system accepts, and never the same one for two ids', async () => {
  const ids = ['a/../../b', 'a:b', 'a*b', 'a%2Ab', 'a?b', 'a|b', '"a"', '<a>', 'a\\b'];

  for (const id of ids) await mailer.send({ ...MAIL, id });

  const files = await readdir(folder);
  expect(files).toHaveLength(ids.length);
  for (const file of files) expect(file).toMatch(/^[\w.%-]+\.eml$/);
});

it('rejects when the folder can’t be created', async () => {
  await writeFile(join(parent, 'data'), 'no folder');

  await expect(mailer.send(MAIL)).rejects.toThrow(/EEXIST|ENOTDIR|ENOENT/);
});

it('rejects when the file can’t be written, and leaves no partial file', async () => {
  await mkdir(join(folder, 'test.1.eml'), { recursive: true });

  await expect(mailer.send(MAIL)).rejects.toThrow(/EISDIR|EPERM|EEXIST|ENOTEMPTY/);
  expect(await readdir(folder)).toEqual(['test.1.eml']);
});

it('writes the bytes that a server would have received', async () => {
  const mail = { ...MAIL, text: `Grüß dich, ${'lange Zeile '.repeat(20)}\n.\n..\nEnde\n` };
  const server = await MailServer.start();
  const smtp = new SmtpMailer({ host: '127.0.0.1', port: server.port, secure: false }, FROM);

  await smtp.send(mail);
  await mailer.send(mail);
  smtp.onApplicationShutdown();
  await server.close();

  expect(await read('test.1.eml')).toBe(server.accepted[0]?.source);
});
