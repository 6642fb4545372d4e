import { readFile } from 'node:fs/promises';
import { type Forgetting, ForgettingReplay } from '@leftfold/core';
import type { CommandLine } from '../../cli/command-line.js';
import { counted } from '../../cli/format.js';
import { CommandRefusedError } from '../../cli/usage.errors.js';

export async function replay(cli: CommandLine, files: readonly string[], json?: boolean): Promise<void> {
  const forgettings = await Promise.all(files.map(forgettingIn));
  const replayed = await cli.open((app) => app.get(ForgettingReplay).run(forgettings));
  cli.output.answer(json, { replayed }, () => [
    ...replayed.map(
      ({ subject, hadKey }) => `${subject}: ${hadKey ? 'its key was there again, and is deleted' : 'there was no key'}`,
    ),
    `${counted(replayed.length, 'subject')} forgotten. Rebuild the read models if they are from the backup, too.`,
  ]);
}

/** What a certificate says. It is read, not verified: forgetting somebody again needs no trust in it. */
async function forgettingIn(file: string): Promise<Forgetting> {
  const refuse = (why: string): never => {
    throw new CommandRefusedError(`${file} ${why}`);
  };
  let certificate: Partial<Record<'subject' | 'eventId' | 'position' | 'forgottenAt', unknown>> | null;
  try {
    certificate = JSON.parse(await readFile(file, 'utf8')) as typeof certificate;
  } catch (error) {
    return refuse(`can't be read as JSON: ${(error as Error).message}`);
  }
  const { subject, eventId, position, forgottenAt } = certificate ?? {};
  const at = new Date(typeof forgottenAt === 'string' ? forgottenAt : Number.NaN);
  const isWhole =
    typeof subject === 'string' &&
    subject !== '' &&
    typeof eventId === 'string' &&
    Number.isSafeInteger(position) &&
    !Number.isNaN(at.getTime());
  if (!isWhole) return refuse('is no certificate of forgetting: it needs subject, eventId, position and forgottenAt.');
  return { subject, eventId, position: position as number, forgottenAt: at };
}
