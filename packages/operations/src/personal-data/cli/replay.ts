import { readFile } from 'node:fs/promises';
import {
  CertificateRefusedError,
  ForgettingReplay,
  type ReadCertificate,
  type ReplayedForgetting,
} from '@leftfold/core';
import type { CommandLine } from '../../cli/command-line.js';
import { counted } from '../../cli/format.js';
import { CommandRefusedError } from '../../cli/usage.errors.js';
import { type Again, forgetAgain } from './forget-again.js';

interface Answer extends ReplayedForgetting {
  readonly again: Again;
}

export interface ReplayArguments {
  readonly key?: readonly string[];
  readonly unsigned?: boolean;
  readonly json?: boolean;
}

export async function replay(
  cli: CommandLine,
  files: readonly string[],
  { key = [], unsigned = false, json }: ReplayArguments,
): Promise<void> {
  const replayed = await cli.open(async (app) => {
    const replaying = app.get(ForgettingReplay);
    const certificates = await readAll(files, (text) => replaying.read(text, { keys: key, unsigned }));
    const plain = certificates.filter(({ isVerified }) => !isVerified).length;
    if (plain > 0) cli.output.note(`Not verified: ${counted(plain, 'certificate')} without a signature.`);
    const answers: Answer[] = [];
    for (const each of await replaying.run(certificates))
      answers.push({ ...each, again: await forgetAgain(app, each) });
    return answers;
  });
  cli.output.answer(json, { replayed }, () => [
    ...replayed.map(line),
    `${counted(replayed.length, 'subject')} forgotten. Read models follow when a node runs.`,
  ]);
  if (replayed.some(({ again }) => again === 'not provided' || typeof again === 'object')) cli.fail();
}

function line({ subject, hadKey, again }: Answer): string {
  const key = hadKey ? 'its key was there again, and is deleted' : 'there was no key';
  return `${subject}: ${key}${afterwards(again)}`;
}

function afterwards(again: Again): string {
  if (again === 'not needed') return '';
  if (again === 'unknown') return '. The log knows nothing of it';
  if (again === 'forgotten') return '. Its event was lost, and it is forgotten again';
  const why = again === 'not provided' ? 'the application does not do it for replays. Do it there.' : again.refused;
  return `. Its event was lost, and it is NOT forgotten again: ${why}`;
}

/** Reads all of them before anybody is forgotten. @throws CommandRefusedError that names each file that is wrong */
async function readAll(
  files: readonly string[],
  read: (text: string) => Promise<ReadCertificate>,
): Promise<ReadCertificate[]> {
  const certificates: ReadCertificate[] = [];
  const wrong: string[] = [];
  for (const file of new Set(files)) {
    try {
      certificates.push(await read(await readFile(file, 'utf8')));
    } catch (error) {
      wrong.push(whyWrong(file, error));
    }
  }
  if (wrong.length > 0) throw new CommandRefusedError(`${wrong.join('\n')} Nobody was forgotten.`);
  return certificates;
}

function whyWrong(file: string, error: unknown): string {
  if ((error as NodeJS.ErrnoException).syscall !== undefined)
    return `${file} can't be read: ${(error as Error).message}`;
  if (!(error instanceof CertificateRefusedError)) throw error;
  const hint = error.isUnsigned ? ' If you trust the file, replay it with --unsigned.' : '';
  return `${file}: ${error.message}${hint}`;
}
