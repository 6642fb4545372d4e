import { type ExportedEvent, exportedEvent } from './event-line.js';

/** First line of an export. */
export interface ExportHeader {
  readonly leftfold: 'log-export';
  /** Version of this format. */
  readonly format: 1;
  readonly logId: string;
  /** The events after this position, up to and including `until`. */
  readonly after: number;
  readonly until: number;
  /** The only category that is in the file. All others are left out. */
  readonly category?: string;
  /**
   * What can be checked against a signed checkpoint. `whole`: that these are all events of the range, as they were sealed.
   * `lines`: each line, but not that no event of the category is missing. `nothing`: it was exported without a checkpoint.
   */
  readonly verifiable: 'whole' | 'lines' | 'nothing';
  /** The partial tiles of the tree of the events up to `after`, from level 0 on, in base64. */
  readonly treeBefore?: readonly string[];
}

/** The leaf hashes of a range of positions. It comes before the events of that range. */
export interface HashesLine {
  readonly hashesFrom: number;
  /** 32 bytes for each position, in base64. */
  readonly hashes: string;
}

/** Last line of an export. A file without it is not complete. */
export interface ExportEnd {
  readonly end: true;
  /** Number of events in the file. */
  readonly events: number;
  /** A signed checkpoint, as a note. */
  readonly checkpoint?: string;
  /** Proves that the tree of the events up to `until` is the beginning of that of the checkpoint; hashes in base64. */
  readonly consistency?: readonly string[];
}

/** A line of an export, by its kind. */
export type ExportLine =
  | { readonly kind: 'header'; readonly header: ExportHeader }
  | { readonly kind: 'hashes'; readonly line: HashesLine }
  | { readonly kind: 'event'; readonly event: ExportedEvent }
  | { readonly kind: 'end'; readonly end: ExportEnd };

/** Reads a line of an export; undefined when it is none. */
export function parseExportLine(text: string): ExportLine | undefined {
  let line: Record<string, unknown>;
  try {
    line = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  if (typeof line !== 'object' || line === null) return undefined;
  if (isHeader(line)) return { kind: 'header', header: line };
  if (isHashes(line)) return { kind: 'hashes', line };
  if (isEnd(line)) return { kind: 'end', end: line };
  const event = exportedEvent(line);
  return event && { kind: 'event', event };
}

type Unknown = Readonly<Record<string, unknown>>;

const VERIFIABLE: readonly unknown[] = ['whole', 'lines', 'nothing'];

function isHeader(line: Unknown): line is Unknown & ExportHeader {
  return (
    line.leftfold === 'log-export' &&
    line.format === 1 &&
    typeof line.logId === 'string' &&
    isPosition(line.after) &&
    isPosition(line.until) &&
    VERIFIABLE.includes(line.verifiable) &&
    (line.category === undefined || typeof line.category === 'string') &&
    (line.treeBefore === undefined || areTexts(line.treeBefore))
  );
}

function isHashes(line: Unknown): line is Unknown & HashesLine {
  return isPosition(line.hashesFrom) && typeof line.hashes === 'string';
}

function isEnd(line: Unknown): line is Unknown & ExportEnd {
  return (
    line.end === true &&
    isPosition(line.events) &&
    (line.checkpoint === undefined || typeof line.checkpoint === 'string') &&
    (line.consistency === undefined || areTexts(line.consistency))
  );
}

function isPosition(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
