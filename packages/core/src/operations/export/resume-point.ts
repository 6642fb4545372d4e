import { type ExportHeader, parseExportLine } from '../export-file/file-lines.js';
import { readLines } from '../export-file/read-lines.js';
import { ExportRefusedError } from './export.errors.js';

/** Where an export that was broken off goes on. */
export interface ResumePoint {
  readonly header: ExportHeader;
  /** Bytes of the file up to the end of its last whole line. */
  readonly length: number;
  /** The events up to this position are in the file. */
  readonly position: number;
  /** The hashes up to this position are in the file. */
  readonly hashesTo: number;
  /** Number of events in the file. */
  readonly events: number;
  readonly isComplete: boolean;
}

/**
 * Reads what is there of a file.
 * @returns undefined when there is no file, or no whole line in it
 * @throws ExportRefusedError when the file is something else
 */
export async function resumePoint(path: string): Promise<ResumePoint | undefined> {
  try {
    return await scan(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function scan(path: string): Promise<ResumePoint | undefined> {
  let point: ResumePoint | undefined;
  for await (const { text, number, end, isWhole } of readLines(path)) {
    const line = isWhole ? parseExportLine(text) : undefined;
    if (!isWhole && (point || isBegunHeader(text))) break;
    if (!line || (line.kind === 'header') !== (number === 1) || point?.isComplete) throw notAnExport(path, number);
    if (line.kind === 'header') {
      const { header } = line;
      point = { header, length: 0, position: header.after, hashesTo: header.after, events: 0, isComplete: false };
    } else if (line.kind === 'hashes') {
      const { hashesFrom, hashes } = line.line;
      const count = Buffer.from(hashes, 'base64').length / 32;
      const position = Math.max(point!.position, hashesFrom - 1);
      point = { ...point!, position, hashesTo: hashesFrom - 1 + count };
    } else if (line.kind === 'event') {
      point = { ...point!, position: line.event.position, events: point!.events + 1 };
    } else {
      point = { ...point!, isComplete: true };
    }
    point = { ...point, length: end ?? point.length };
  }
  if (point?.length === 0 && !point.isComplete) {
    throw new ExportRefusedError(`${path} is not complete, and another program compressed it. Give another file.`);
  }
  return point;
}

/** Whether a line that is not whole is what a crash left of the first line. */
function isBegunHeader(text: string): boolean {
  return text.startsWith(HEADER_START) || HEADER_START.startsWith(text);
}

const HEADER_START = '{"leftfold":"log-export"';

function notAnExport(path: string, line: number): ExportRefusedError {
  return new ExportRefusedError(`${path} is there, and line ${line} is none of an export. Give another file.`);
}
