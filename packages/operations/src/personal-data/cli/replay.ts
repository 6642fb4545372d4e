import { readFile } from 'node:fs/promises';
import { CertificateRefusedError, ForgettingReplay, type ReadCertificate } from '@leftfold/core';
import type { CommandLine } from '../../cli/command-line.js';
import { counted } from '../../cli/format.js';
import { CommandRefusedError } from '../../cli/usage.errors.js';

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
  const texts = await Promise.all(files.map(textOf));
  const replayed = await cli.open(async (app) => {
    const replaying = app.get(ForgettingReplay);
    // All of them before anybody is forgotten.
    const certificates = files.map((file, index) =>
      refusing(file, () => replaying.read(texts[index]!, { keys: key, unsigned })),
    );
    const plain = certificates.filter(({ isVerified }) => !isVerified).length;
    if (plain > 0) cli.output.note(`Not verified: ${counted(plain, 'certificate')} without a signature.`);
    return replaying.run(certificates);
  });
  cli.output.answer(json, { replayed }, () => [
    ...replayed.map(
      ({ subject, hadKey }) => `${subject}: ${hadKey ? 'its key was there again, and is deleted' : 'there was no key'}`,
    ),
    `${counted(replayed.length, 'subject')} forgotten. Rebuild the read models if they are from the backup, too.`,
  ]);
}

function refusing(file: string, read: () => ReadCertificate): ReadCertificate {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CertificateRefusedError)) throw error;
    const hint = error.isUnsigned ? ' If you trust the file, replay it with --unsigned.' : '';
    throw new CommandRefusedError(`${file}: ${error.message}${hint} Nobody was forgotten.`);
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandRefusedError(`${file} can't be read: ${(error as Error).message}`);
  }
}
