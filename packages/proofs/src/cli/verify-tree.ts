import { Databases, EventLog } from '@leftfold/core';
import { type CommandLine, count, counted, printable } from '@leftfold/operations/cli';
import { parseCheckpoint, type SignedCheckpoint } from '../notes/checkpoint.js';
import { verifyNote } from '../notes/signing.js';
import { Proofs } from '../proving/proofs.js';
import { UnreadableTreeError } from '../stored/stored-tree.js';
import { BrokenTileError } from '../tree/tile-hashes.js';
import { isConsistent } from '../tree/verify.js';
import { TreeVerifier, type TreeReport } from '../verifying/tree-verifier.js';
import type { VerifyArguments } from './arguments.js';
import { keysOf, refusing, textOf } from './refuse.js';

/** Most findings to print. */
const SHOWN = 20;

export async function verifyTree(cli: CommandLine, { key, against, json }: VerifyArguments): Promise<void> {
  const keys = await refusing(async () => keysOf(key));
  const text = against === undefined ? undefined : await textOf(against);
  const old = text === undefined ? undefined : await refusing(async () => parseCheckpoint(text));
  const report = await cli.open(async (app) => {
    const progress = cli.output.progress('events');
    const proofs = app.get(Proofs, { strict: false });
    try {
      const found = await new TreeVerifier(
        app.get(EventLog, { strict: false }),
        app.get(Databases, { strict: false }),
      ).verify({ most: SHOWN, signal: cli.signal, onProgress: (events, of) => progress.show(events, of) });
      return withMore(found, [
        await asFinding(() => unsigned(proofs, keys, found)),
        await asFinding(() => other(proofs, old)),
      ]);
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

/** A damaged tree must not hide what else was found. That its row can't be read was found before. */
async function asFinding(check: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof UnreadableTreeError) return undefined;
    if (error instanceof BrokenTileError) return `The checkpoint can't be compared. ${error.message}`;
    throw error;
  }
}

async function unsigned(
  proofs: Proofs,
  keys: ReturnType<typeof keysOf>,
  { sealed, notYetSealed }: TreeReport,
): Promise<string | undefined> {
  if (keys.length === 0 || sealed + notYetSealed === 0) return undefined;
  const checkpoint = await proofs.checkpoint();
  if (!checkpoint) return 'The log has no signed checkpoint, so no key has signed any of its events.';
  try {
    verifyNote(checkpoint.note, keys);
    return undefined;
  } catch (error) {
    return `The checkpoint: ${(error as Error).message}`;
  }
}

/** What is wrong with the log when an older checkpoint is right. */
async function other(proofs: Proofs, older: SignedCheckpoint | undefined): Promise<string | undefined> {
  if (older === undefined) return undefined;
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
