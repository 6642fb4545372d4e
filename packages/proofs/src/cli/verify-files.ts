import { type CommandLine, printable } from '@leftfold/operations/cli';
import { verifyProof } from '../verifying/verify-proof.js';
import { verifyCertificate } from '../forgetting/verify-certificate.js';
import type { VerifyCertificateArguments, VerifyProofArguments } from './arguments.js';
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

export async function verifyCertificateFile(
  cli: CommandLine,
  file: string,
  { key, origin, json }: VerifyCertificateArguments,
): Promise<void> {
  const text = await textOf(file);
  const certified = await refusing(async () => verifyCertificate(text, { keys: keysOf(key), origin }));
  const { certificate, before, size, signedBy } = certified;
  cli.output.answer(json, certified, () => [
    `Certified: ${printable(certificate.subject)} is forgotten since position ${certificate.position} of ${printable(certificate.origin!)}, ${printable(certificate.forgottenAt)}.`,
    ...Object.entries(certificate.fields).map(([type, names]) => `  ${printable(`${type}: ${names.join(', ')}`)}`),
    `Events with such fields: ${certificate.events.count}.`,
    before === undefined
      ? `The log has ${size} events under the checkpoint in the certificate, and none was signed before.`
      : `The log only grew from ${before} to ${size} events: no event was changed by the forgetting.`,
    `Signed by ${signedBy.join(', ')}.`,
  ]);
}
