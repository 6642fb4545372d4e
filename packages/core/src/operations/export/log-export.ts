import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Databases } from '../../databases/databases.js';
import type { EventLog } from '../../event-log/event-log.js';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import { eventLine } from '../export-file/event-line.js';
import type { ExportEnd, ExportHeader } from '../export-file/file-lines.js';
import { LineWriter } from '../export-file/line-writer.js';
import { type LogSeal, SEAL_TILE } from '../log-seal.js';
import { ExportRefusedError } from './export.errors.js';
import { ExportedTags } from './exported-tags.js';
import { exportHeader, refuseOlder, refuseOther } from './export-header.js';
import type { ExportedEvents, LogExportOptions, LogExportReport } from './export-options.js';
import { type ResumePoint, resumePoint } from './resume-point.js';

/** Positions of a step: whole tiles of hashes. */
const STEP = 2 * SEAL_TILE;

/** Writes the log to a file, a line an event, in pages. The file goes on where its last whole line ended. */
export class LogExport {
  /** @internal */
  constructor(
    private readonly log: EventLog,
    private readonly databases: Databases,
    /** Undefined when nothing seals the log. */
    private readonly seal: LogSeal | undefined,
  ) {}

  /**
   * @throws ExportRefusedError when the file is something else, or complete and older than the log, or nothing is sealed
   * that a checkpoint would cover; the signal's reason when it is aborted
   */
  async run(path: string, options: LogExportOptions = {}): Promise<LogExportReport> {
    const there = await resumePoint(path);
    if (there) refuseOther(path, there.header, await this.log.id(), options);
    const header = there?.header ?? (await exportHeader(this.log, this.seal, options));
    const { after, until, verifiable } = header;
    const wasComplete = there?.isComplete ?? false;
    const report = { after, until, verifiable, resumedAfter: there?.position ?? after, wasComplete };
    if (there?.isComplete) {
      await refuseOlder(path, there.header, this.log, this.seal, options);
      return { ...report, events: there.events };
    }
    const file = await LineWriter.open(path, there?.length ?? 0);
    try {
      if (!there) await file.write([JSON.stringify(header)]);
      const events = await this.writeEvents(file, header, there, options);
      await file.write([JSON.stringify(await this.end(header, events))]);
      await file.sync();
      return { ...report, events };
    } finally {
      await file.close();
    }
  }

  /**
   * Reads the events of an export in pages, for files in other formats.
   * @throws ExportRefusedError when the log has no such range; the pages also when an event is missing, and the signal's
   * reason when it is aborted
   */
  async read({ onProgress, signal, ...range }: Omit<LogExportOptions, 'checkpoint'> = {}): Promise<ExportedEvents> {
    const { after, until, category } = await exportHeader(this.log, undefined, range);
    const readPages = async function* (this: LogExport): AsyncGenerator<readonly RecordedEvent[]> {
      for (let position = after; position < until;) {
        signal?.throwIfAborted();
        const upTo = stepAfter(position, until);
        yield await this.events(category, position, upTo);
        position = upTo;
        onProgress?.(position, until);
        // SQLite answers without yielding to the event loop.
        await nextTurn();
      }
    };
    return { after, until, pages: readPages.call(this) };
  }

  private async writeEvents(
    file: LineWriter,
    header: ExportHeader,
    there: ResumePoint | undefined,
    { onProgress, signal }: LogExportOptions,
  ): Promise<number> {
    let position = there?.position ?? header.after;
    let events = there?.events ?? 0;
    if (position === header.until) return events;
    const tags = await ExportedTags.of(this.databases, position, header.until);
    try {
      while (position < header.until) {
        signal?.throwIfAborted();
        const upTo = stepAfter(position, header.until);
        const page = await this.page(header, position, upTo, tags);
        const hashes = await this.hashes(header, Math.max(position, there?.hashesTo ?? 0), upTo);
        await file.write(inOrder(page, hashes));
        events += page.length;
        position = upTo;
        onProgress?.(position, header.until);
        // SQLite answers without yielding to the event loop.
        await nextTurn();
      }
    } finally {
      await tags.drop();
    }
    return events;
  }

  private async page(header: ExportHeader, after: number, upTo: number, tags: ExportedTags): Promise<Line[]> {
    const events = await this.events(header.category, after, upTo);
    const tagsOf = await tags.within(after, upTo);
    return events.map((event) => ({
      position: event.position,
      text: eventLine(event, tagsOf.get(event.position) ?? []),
    }));
  }

  /** @throws ExportRefusedError when one of all events is missing */
  private async events(category: string | undefined, after: number, upTo: number): Promise<readonly RecordedEvent[]> {
    const { events } = await this.log.readAll({ after, upTo, limit: STEP, ...(category && { category }) });
    if (!category && events.length < upTo - after) throw missing(after, events);
    return events;
  }

  /** Lines with the hashes of the positions, a tile each; none when the file has no checkpoint. */
  private async hashes({ verifiable }: ExportHeader, after: number, upTo: number): Promise<Line[]> {
    const lines: Line[] = [];
    if (verifiable === 'nothing') return lines;
    for (let from = after; from < upTo;) {
      const end = Math.min(from - (from % SEAL_TILE) + SEAL_TILE, upTo);
      const text = JSON.stringify({ hashesFrom: from + 1, hashes: await this.seal!.leaves(from, end) });
      lines.push({ position: from + 1, text });
      from = end;
    }
    return lines;
  }

  private async end({ verifiable, until }: ExportHeader, events: number): Promise<ExportEnd> {
    if (verifiable === 'nothing') return { end: true, events };
    const checkpoint = await this.seal!.checkpoint();
    if (!checkpoint || checkpoint.size < until) {
      throw new ExportRefusedError('The log was given a new origin during the export. Export to another file.');
    }
    const consistency = await this.seal!.consistency(until, checkpoint.size);
    return { end: true, events, checkpoint: checkpoint.note, consistency };
  }
}

interface Line {
  readonly position: number;
  readonly text: string;
}

/** The next end of a step. */
function stepAfter(position: number, until: number): number {
  return Math.min(position - (position % STEP) + STEP, until);
}

/** The hashes of a tile before its events. */
function inOrder(events: readonly Line[], hashes: readonly Line[]): string[] {
  const lines: string[] = [];
  let next = 0;
  for (const { position, text } of events) {
    while (next < hashes.length && hashes[next]!.position <= position) lines.push(hashes[next++]!.text);
    lines.push(text);
  }
  return [...lines, ...hashes.slice(next).map(({ text }) => text)];
}

function missing(after: number, events: readonly { readonly position: number }[]): ExportRefusedError {
  const place = events.findIndex(({ position }, index) => position !== after + index + 1);
  const position = after + 1 + (place < 0 ? events.length : place);
  return new ExportRefusedError(
    `The event at position ${position} is missing in the log. Run "log verify", and restore a backup.`,
  );
}
