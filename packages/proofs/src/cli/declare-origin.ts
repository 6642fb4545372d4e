import { Databases } from '@leftfold/core';
import { type CommandLine, CommandRefusedError } from '@leftfold/operations/cli';
import { parseCheckpoint } from '../notes/checkpoint.js';
import { declareNewOrigin } from '../verifying/new-origin.js';
import type { NewOriginArguments } from './arguments.js';
import { refusing, textOf } from './refuse.js';

export async function newOrigin(cli: CommandLine, { over, json }: NewOriginArguments): Promise<void> {
  const text = over === undefined ? undefined : await textOf(over);
  const signed = text === undefined ? undefined : await refusing(async () => parseCheckpoint(text));
  const declared = await cli.open((app) => declareNewOrigin(app.get(Databases, { strict: false }), signed));
  if (!declared) throw new CommandRefusedError('The log was never sealed, so it needs no new origin.');
  cli.output.answer(json, declared, () => [
    `The origin is ${declared.origin} from now on.`,
    `No longer binding: ${declared.givenUp.join(', ')}. Tell the auditors and witnesses.`,
  ]);
}
