import { type CommandLine } from '@leftfold/operations/cli';
import { parseSigningKey } from '../notes/keys.js';
import { signatureLine } from '../notes/note.js';
import { parseWitnessRequest } from '../witnessing/witness-request.js';
import { Witness } from '../witnessing/witness.js';
import type { WitnessArguments } from './arguments.js';
import { keysOf, refusing, textOf } from './refuse.js';

export async function witness(cli: CommandLine, file: string, options: WitnessArguments): Promise<void> {
  const request = await textOf(file);
  const privateKey = await textOf(options.witnessKey);
  const signature = await refusing(async () => {
    const signer = new Witness(parseSigningKey(privateKey.trim()), keysOf(options.key), options.state);
    return signer.cosign(parseWitnessRequest(request));
  });
  cli.output.line(signatureLine(signature).slice(0, -1));
}
