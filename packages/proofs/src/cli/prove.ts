import type { CommandLine } from '@leftfold/operations/cli';
import { formatProof } from '../notes/proof-file.js';
import { Proofs } from '../proving/proofs.js';
import { refusing } from './refuse.js';

export async function prove(cli: CommandLine, which: string): Promise<void> {
  const wanted = /^[1-9]\d{0,15}$/.test(which) ? Number(which) : which;
  const proof = await cli.open((app) => refusing(() => app.get(Proofs, { strict: false }).prove(wanted)));
  cli.output.line(formatProof(proof).slice(0, -1));
}
