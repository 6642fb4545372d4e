import { type CommandLine, printable } from '@leftfold/operations/cli';
import { verifyProof } from '../verifying/verify-proof.js';
import type { VerifyProofArguments } from './arguments.js';
import { keysOf, refusing, textOf } from './refuse.js';

export async function verifyProofFile(cli: CommandLine, file: string, options: VerifyProofArguments): Promise<void> {
  const { key, witness = [], origin, json } = options;
  const text = await textOf(file);
  const fact = await refusing(async () =>
    verifyProof(text, { keys: keysOf([...key, ...witness]), origin, witnesses: witness.length }),
  );
  const { event } = fact;
  cli.output.answer(json, fact, () => [
    `Proved: position ${event.position} of ${printable(fact.origin)} is this event.`,
    `  ${printable(event.type)}, version ${event.version} of ${printable(event.stream)}, recorded at ${event.recordedAt}`,
    `  ${printable(event.data)}`,
    `Signed, with ${fact.size} events, by ${fact.signedBy.map(({ key: name, time }) => (time ? `${name} at ${time}` : name)).join(', ')}.`,
  ]);
}
