import type { RecordedEvent } from '../../event-log/recorded-event.js';
import type { ExportHeader } from '../export-file/file-lines.js';

/** Options of an export. */
export interface LogExportOptions {
  /** Position after which to begin; 0 when left out. */
  readonly after?: number;
  /** Position up to which to go; the head of the log when left out, with `checkpoint` the size of the last one. */
  readonly until?: number;
  /** Only events of streams of this category. */
  readonly category?: string;
  /** Also writes hashes and a signed checkpoint, so that the file can be verified offline. */
  readonly checkpoint?: boolean;
  /** Called after each step, with the position that is reached and the last one. */
  readonly onProgress?: (position: number, of: number) => void;
  /** Interrupts it. The same export goes on from there. */
  readonly signal?: AbortSignal;
}

/** What an export has done. */
export interface LogExportReport {
  readonly after: number;
  readonly until: number;
  /** Number of events in the file. */
  readonly events: number;
  /** Position after which this run went on; equal to `after` in the first run. */
  readonly resumedAfter: number;
  /** Whether the file was complete before. Then nothing was written. */
  readonly wasComplete: boolean;
  readonly verifiable: ExportHeader['verifiable'];
}

/** The events of an export, in the order of the log. */
export interface ExportedEvents {
  /** The positions after this one, up to `until`. */
  readonly after: number;
  readonly until: number;
  readonly pages: AsyncIterable<readonly RecordedEvent[]>;
}
