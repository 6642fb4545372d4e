import type { CommandLine } from '@leftfold/operations/cli';
import { formatNote } from '../notes/note.js';
import { Cosignatures } from '../witnessing/cosignatures.js';
import { parseWitnessRequest } from '../witnessing/witness-request.js';
import type { CosignArguments } from './arguments.js';
import { refusing, textOf } from './refuse.js';

export async function cosign(
  cli: CommandLine,
  file: string,
  signatures: string | undefined,
  { json }: CosignArguments,
): Promise<void> {
  const [text, lines] = [await textOf(file), signatures === undefined ? '' : await textOf(signatures)];
  const note = await refusing(async () => formatNote(parseWitnessRequest(text).checkpoint.note));
  const stored = await cli.open((app) => app.get(Cosignatures, { strict: false }).add(`${note}${lines}`));
  cli.output.answer(json, stored, () => [
    `The checkpoint of ${stored.size} events is cosigned by ${stored.witnesses.join(', ')}.`,
  ]);
}
