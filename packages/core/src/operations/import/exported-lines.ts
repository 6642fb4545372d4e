import { TYPE } from '../../event-log/checks/rules.js';
import { closingTag } from '../../event-log/prepared-append.js';
import { streamNameFlaw } from '../../event-log/stream-name.js';
import type { ExportedEvent } from '../export-file/event-line.js';
import { type ExportHeader, parseExportLine } from '../export-file/file-lines.js';
import { ImportRefusedError } from './import.errors.js';
import type { IncomingEvent, LineReader } from './incoming-event.js';

/** The lines of a file that `LogExport` wrote. */
export class ExportedLines implements LineReader {
  private last = 0;
  private isComplete = false;

  constructor(readonly header: ExportHeader) {}

  get source(): string {
    return this.header.logId;
  }

  read(text: string, line: number, isWhole: boolean): IncomingEvent | undefined {
    const parsed = parseExportLine(text);
    // Where the file was cut off.
    if (!parsed && !isWhole && !this.isComplete) return undefined;
    if (!parsed || (parsed.kind === 'header') !== (line === 1) || this.isComplete) {
      throw ImportRefusedError.inLine(line, 'this is no line of an export. Restore the file.');
    }
    if (parsed.kind === 'end') this.isComplete = true;
    if (parsed.kind !== 'event') return undefined;
    return incoming(this.inOrder(parsed.event, line), line);
  }

  finish(): void {
    if (this.isComplete) return;
    throw new ImportRefusedError(
      `The file is not complete: it ends after position ${this.last}, which is imported. Run its export again, which goes on, and ` +
        'then the import.',
    );
  }

  private inOrder(event: ExportedEvent, line: number): ExportedEvent {
    if (event.position <= this.last) {
      throw ImportRefusedError.inLine(line, `position ${event.position} comes after ${this.last}. Restore the file.`);
    }
    this.last = event.position;
    return event;
  }
}

function incoming(event: ExportedEvent, line: number): IncomingEvent {
  const { id, stream, type, tags, recordedAt } = event;
  const flaw = streamNameFlaw(stream);
  if (flaw) throw ImportRefusedError.inLine(line, `${JSON.stringify(stream)} is no stream name: ${flaw}.`);
  if (!TYPE.test(type)) throw ImportRefusedError.inLine(line, `${JSON.stringify(type)} is no event type.`);
  return {
    ...event,
    line,
    id: id.toLowerCase(),
    recordedAt: Date.parse(recordedAt),
    closes: tags.includes(closingTag(stream)),
  };
}
