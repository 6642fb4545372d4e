import {
  type ExportEnd,
  type ExportedEvent,
  exportedLine,
  type ExportHeader,
  parseExportLine,
  readLines,
} from '@leftfold/core';
import { fromBase64 } from '../notes/base64.js';
import { parseCheckpoint } from '../notes/checkpoint.js';
import { GrowingTree } from '../tree/growing-tree.js';
import { hashesIn } from '../tree/tile-hashes.js';
import { isConsistent } from '../tree/verify.js';
import { ExportedTile } from './exported-tile.js';
import { InvalidProofError, type RequiredSigners, type Signer, signersOf } from './signers.js';

/** A line of an export that is not as it was sealed. */
export interface ExportFinding {
  /** From 1; undefined when it is about the file. */
  readonly line: number | undefined;
  readonly message: string;
}

/** What the verification of an export shows. */
export interface ExportReport {
  /** Whether nothing was found. */
  readonly ok: boolean;
  readonly header: ExportHeader;
  readonly origin: string;
  /** Number of events under the checkpoint. */
  readonly size: number;
  readonly signedBy: readonly Signer[];
  /** Number of events in the file. */
  readonly events: number;
  /** Number of events of the range that the file has by their hashes only. */
  readonly leftOut: number;
  /** The first findings. */
  readonly findings: readonly ExportFinding[];
  /** Number of all findings. */
  readonly found: number;
}

/** Options of a verification. */
export interface VerifyExportOptions extends RequiredSigners {
  /** The most findings to return. Default: 100. */
  readonly most?: number;
  /** Ends it early, with the signal's reason as the error. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (position: number, of: number) => void;
}

const NO_TILE = new ExportedTile(1, []);

/**
 * Verifies an exported file against the checkpoint in it, without a database, in little memory.
 * @throws MalformedNoteError, UnverifiedNoteError, InvalidProofError when it is no whole export with a checkpoint
 */
export async function verifyExport(path: string, options: VerifyExportOptions): Promise<ExportReport> {
  const verification = new ExportVerification(options.most ?? 100);
  for await (const { text, number, isWhole } of readLines(path)) {
    options.signal?.throwIfAborted();
    verification.read(number, isWhole ? text : '');
    if (number % 1_000 === 0) verification.tell(options.onProgress);
  }
  verification.tell(options.onProgress);
  return verification.report(options);
}

class ExportVerification {
  private header: ExportHeader | undefined;
  private end: ExportEnd | undefined;
  /** Of the hashes in the file. */
  private sealed = new GrowingTree();
  /** Of the events in the file. */
  private actual = new GrowingTree();
  private tile = NO_TILE;
  private events = 0;
  private leftOut = 0;
  private found = 0;
  private readonly findings: ExportFinding[] = [];

  constructor(private readonly most: number) {}

  read(number: number, text: string): void {
    const line = parseExportLine(text);
    if (!this.header) {
      if (line?.kind !== 'header')
        throw new InvalidProofError('This is no export of a log: its first line says nothing about it.');
      this.begin(line.header);
    } else if (this.end || !line || line.kind === 'header') {
      this.add(number, `This line is none of an export: it was changed, or inserted.`);
    } else if (line.kind === 'event') {
      this.events += 1;
      const flaw = this.tile.flawOf(line.event) ?? otherThanExported(text, line.event);
      if (flaw) this.add(number, flaw);
    } else if (line.kind === 'hashes') {
      this.next(number, line.line.hashesFrom, line.line.hashes);
    } else {
      this.finishTile(number);
      this.end = line.end;
    }
  }

  tell(onProgress: VerifyExportOptions['onProgress']): void {
    if (this.header) onProgress?.(Math.min(this.sealed.size, this.header.until), this.header.until);
  }

  report({ most: _most, signal: _signal, onProgress: _onProgress, ...required }: VerifyExportOptions): ExportReport {
    const { header, end } = this;
    if (!header || !end) {
      throw new InvalidProofError('The file is not complete. Run the same export again: it goes on where it ended.');
    }
    const checkpoint = parseCheckpoint(end.checkpoint ?? '');
    const signedBy = signersOf(checkpoint, required);
    if (!checkpoint.origin.split('#')[0]!.endsWith(header.logId)) {
      this.add(
        undefined,
        `The checkpoint is of the log ${checkpoint.origin}, and the file of the log ${header.logId}.`,
      );
    }
    if (this.sealed.size !== header.until) {
      this.add(undefined, `The file ends at position ${this.sealed.size}, and should end at ${header.until}.`);
    }
    if (end.events !== this.events) {
      this.add(undefined, `The file has ${this.events} events, and had ${end.events}.`);
    }
    const proof = (end.consistency ?? []).map((hash) => fromBase64(hash) ?? Buffer.alloc(0));
    const isSigned = ({ size, root }: GrowingTree): boolean => isConsistent(proof, { size, root }, checkpoint);
    if (!isSigned(this.sealed)) {
      this.add(
        undefined,
        header.verifiable === 'whole' && isSigned(this.actual)
          ? 'The hashes in the file were changed. The events are as they were signed.'
          : 'The hashes in the file are not those that were signed, so no line can be believed.',
      );
    }
    const { events, leftOut, findings, found } = this;
    const { origin, size } = checkpoint;
    return { ok: found === 0, header, origin, size, signedBy, events, leftOut, findings, found };
  }

  private begin(header: ExportHeader): void {
    if (header.verifiable === 'nothing') {
      throw new InvalidProofError('The file was exported without a checkpoint. Export it with --checkpoint.');
    }
    this.header = header;
    const before = (header.treeBefore ?? []).map((tile) => Buffer.from(tile, 'base64'));
    try {
      this.sealed = new GrowingTree(header.after, before);
      this.actual = new GrowingTree(header.after, before);
    } catch {
      throw new InvalidProofError(
        `The first line does not have the tree of the events up to position ${header.after}.`,
      );
    }
  }

  private next(number: number, from: number, hashes: string): void {
    this.finishTile(number);
    const expected = this.sealed.size + 1;
    if (from !== expected) {
      this.add(
        number,
        `These are the hashes from position ${from}, and those from position ${expected} should follow.`,
      );
    }
    this.tile = new ExportedTile(from, hashesIn(Buffer.from(hashes, 'base64')));
    for (const hash of this.tile.hashes) this.sealed.add(hash);
  }

  private finishTile(number: number): void {
    const { missing, actualHashes } = this.tile;
    if (this.header?.verifiable === 'lines') this.leftOut += missing.length;
    else
      for (const position of missing)
        this.add(number, `The event at position ${position} is missing before this line.`);
    for (const hash of actualHashes) this.actual.add(hash);
    this.tile = NO_TILE;
  }

  private add(line: number | undefined, message: string): void {
    this.found += 1;
    if (this.findings.length < this.most) this.findings.push({ line, message });
  }
}

/** A second member, or one that no export has, would be read by others, and is proved by nothing. */
function otherThanExported(text: string, event: ExportedEvent): string | undefined {
  return text.trim() === exportedLine(event)
    ? undefined
    : `The line of the event at position ${event.position} is not as an export writes it: it was changed, although the event in it was not.`;
}
