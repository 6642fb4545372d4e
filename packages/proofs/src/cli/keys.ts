import { writeFile } from 'node:fs/promises';
import { type CommandLine, CommandRefusedError } from '@leftfold/operations/cli';
import { newSigningKey, parseSigningKey } from '../notes/keys.js';
import type { NewKeyArguments } from './arguments.js';
import { refusing, textOf } from './refuse.js';

export async function newKey(cli: CommandLine, { name, witness, out }: NewKeyArguments): Promise<void> {
  const key = await refusing(async () => newSigningKey(name, witness ? 'witness' : 'log'));
  const { verifier } = parseSigningKey(key);
  if (out === undefined) {
    cli.output.line(key);
    cli.output.note(`The public key: ${verifier}`);
    return;
  }
  try {
    await writeFile(out, `${key}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new CommandRefusedError(`${out} can't be written: ${(error as Error).message}`);
  }
  cli.output.line(verifier);
}

export async function showKeys(cli: CommandLine, file: string): Promise<void> {
  const lines = (await textOf(file)).split('\n').filter((line) => line.trim() !== '');
  for (const line of lines) cli.output.line(await refusing(async () => parseSigningKey(line.trim()).verifier));
}
