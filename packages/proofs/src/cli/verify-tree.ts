import { Databases, EventLog } from '@leftfold/core';
import { type CommandLine, count, counted, printable } from '@leftfold/operations/cli';
import { parseCheckpoint } from '../notes/checkpoint.js';
import { verifyNote } from '../notes/signing.js';
import { Proofs } from '../proving/proofs.js';
import { isConsistent } from '../tree/verify.js';
import { TreeVerifier, type TreeReport } from '../verifying/tree-verifier.js';
import type { VerifyArguments } from './arguments.js';
import { keysOf, refusing, textOf } from './refuse.js';

/** Most findings to print. */
const SHOWN = 20;

export async function verifyTree(cli: CommandLine, { key, against, json }: VerifyArguments): Promise<void> {
  const keys = await refusing(async () => keysOf(key));
  const old = against === undefined ? undefined : await textOf(against);
  const report = await cli.open(async (app) => {
    const progress = cli.output.progress('events');
    const proofs = app.get(Proofs, { strict: false });
    try {
      const found = await new TreeVerifier(
        app.get(EventLog, { strict: false }),
        app.get(Databases, { strict: false }),
      ).verify({ most: SHOWN, signal: cli.signal, onProgress: (events, of) => progress.show(events, of) });
      return await refusing(async () => withMore(found, [await unsigned(proofs, keys), await other(proofs, old)]));
    } finally {
      progress.end();
    }
  });
  cli.output.answer(json, report, () => linesOf(report));
  if (!report.ok) cli.fail();
}

function withMore(report: TreeReport, messages: readonly (string | undefined)[]): TreeReport {
  const more = messages.flatMap((message) => (message === undefined ? [] : [{ position: undefined, message }]));
  const found = report.found + more.length;
  return { ...report, ok: found === 0, found, findings: [...report.findings, ...more] };
}

async function unsigned(proofs: Proofs, keys: ReturnType<typeof keysOf>): Promise<string | undefined> {
  const checkpoint = keys.length > 0 ? await proofs.checkpoint() : undefined;
  try {
    if (checkpoint) verifyNote(checkpoint.note, keys);
    return undefined;
  } catch (error) {
    return `The checkpoint: ${(error as Error).message}`;
  }
}

/** What is wrong with the log when an older checkpoint is right. */
async function other(proofs: Proofs, old: string | undefined): Promise<string | undefined> {
  if (old === undefined) return undefined;
  const older = parseCheckpoint(old);
  const newer = await proofs.checkpoint();
  const signed = `A checkpoint of ${counted(older.size, 'event')} was signed`;
  if (!newer || newer.size < older.size) {
    const last = newer ? `the last one of this log has ${count(newer.size)}` : 'the log has no signed checkpoint';
    return `${signed}, and ${last}. The log may have been restored from an older backup.`;
  }
  const { proof } = await proofs.consistency(older.size, newer.size);
  if (older.origin === newer.origin && isConsistent(proof, older, newer)) return undefined;
  return `${signed}, and the log does not only add to it. It was rewritten, or restored from an older backup.`;
}

/** What is printed of a report. Where nothing is sealed, nothing was verified. */
export function linesOf({ ok, sealed, notYetSealed, findings, found }: TreeReport): string[] {
  const checked = `Compared: ${counted(sealed, 'sealed event')}; ${count(notYetSealed)} not sealed yet.`;
  if (ok) return [sealed > 0 ? 'The log is as it was sealed.' : 'Nothing of this log is sealed.', checked];
  const more = found > findings.length ? [`  and ${count(found - findings.length)} more`] : [];
  return [
    `The log is NOT as it was sealed: ${counted(found, 'finding')}.`,
    ...findings.map(({ message }) => `  ${printable(message)}`),
    ...more,
    checked,
  ];
}
