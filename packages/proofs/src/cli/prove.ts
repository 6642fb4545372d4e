import type { CommandLine } from '@leftfold/operations/cli';
import { formatProof } from '../notes/proof-file.js';
import { Proofs } from '../proving/proofs.js';
import { Cosignatures } from '../witnessing/cosignatures.js';
import { NotCosignedYetError } from '../witnessing/cosigning.errors.js';
import type { ProveArguments } from './arguments.js';
import { refusing } from './refuse.js';

export async function prove(cli: CommandLine, which: number | string, { cosigned }: ProveArguments): Promise<void> {
  const proof = await cli.open((app) =>
    refusing(async () => {
      const cosignatures = app.get(Cosignatures, { strict: false });
      const under = cosigned ? await cosignatures.latest() : undefined;
      if (cosigned && !under) throw new NotCosignedYetError();
      const proved = await app.get(Proofs, { strict: false }).prove(which, under);
      return under ? proved : { ...proved, checkpoint: await cosignatures.of(proved.checkpoint) };
    }),
  );
  cli.output.line(formatProof(proof).slice(0, -1));
}
