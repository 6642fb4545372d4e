import { stat } from 'node:fs/promises';
import type { Databases } from '../../databases/databases.js';
import type { EventSerializer } from '../../event-log/event-serializer.js';
import { establishIdentity } from '../../event-log/log-identity.js';
import { ChunkFiller } from '../../event-log/look-ups/chunk-filler.js';
import type { EventRegistry } from '../../events/event-registry.js';
import type { PersonalFieldsCipher } from '../../personal-data/personal-fields-cipher.js';
import { parseExportLine } from '../export-file/file-lines.js';
import { readLines } from '../export-file/read-lines.js';
import { ExportedLines } from './exported-lines.js';
import { ImportClaim } from './import-claim.js';
import type { LogImportOptions, LogImportReport } from './import-options.js';
import { ImportWork } from './import-work.js';
import { refuseMissingKeys } from './keys-at-hand.js';
import { ImportRefusedError } from './import.errors.js';
import type { IncomingEvent, LineReader } from './incoming-event.js';
import { MappedLines } from './mapped-lines.js';
import { checkMapping } from './mapping.js';
import { PlainFields } from './plain-fields.js';

/**
 * Stores the events of a file in the log. An export keeps positions, times and ids in an empty log; tags are sealed anew
 * with the log's own key. Personal fields that the file has in plain text are encrypted.
 */
export class LogImport {
  /** @internal */
  constructor(
    private readonly databases: Databases,
    private readonly registry: EventRegistry,
    private readonly serializer: EventSerializer,
    private readonly eventSizeLimit: number,
    private readonly personal: PersonalFieldsCipher,
  ) {}

  /**
   * Each batch is one transaction, which appends wait for. What was stored stays when it is interrupted or refused.
   * @throws ImportRefusedError that names the line; the signal's reason when it is aborted
   */
  async run(path: string, options: LogImportOptions = {}): Promise<LogImportReport> {
    const { size } = await stat(path);
    const lines = await this.linesOf(path, options.mapping);
    const keepsPositions = lines instanceof ExportedLines && !options.onto;
    if (keepsPositions) refusePart(lines);
    const { tagKey } = await establishIdentity(this.databases.events.write);
    const rules = { keepsPositions, serializer: this.serializer, tagKey };
    const claim = options.onto || options.dryRun ? undefined : await ImportClaim.take(this.databases, lines.source);
    const plainFields = new PlainFields(this.registry, this.serializer, this.personal, () =>
      refuseMissingKeys(this.eventsOf(path, options.mapping), this.personal),
    );
    const work = new ImportWork(this.databases, rules, claim, options, this.personal, plainFields);
    let [bytes, position] = [0, 0];
    const progress = (): void => {
      const isExport = lines instanceof ExportedLines;
      const [done, of] = isExport ? [position, lines.header.until] : [bytes, size];
      options.onProgress?.(done, Math.max(done, of), isExport ? 'positions' : 'bytes');
    };
    for await (const { text, number, isWhole } of readLines(path)) {
      bytes += Buffer.byteLength(text) + 1;
      const event = lines.read(text, number, isWhole);
      if (!event) continue;
      position = event.position ?? 0;
      if (await work.add(event)) progress();
    }
    await work.flush();
    progress();
    lines.finish();
    if (!options.dryRun) await new ChunkFiller(this.databases.events).fill(undefined, options.signal);
    return work.report;
  }

  private async *eventsOf(path: string, mapping: unknown): AsyncGenerator<IncomingEvent> {
    const lines = await this.linesOf(path, mapping);
    for await (const { text, number, isWhole } of readLines(path)) {
      const event = lines.read(text, number, isWhole);
      if (event) yield event;
    }
  }

  private async linesOf(path: string, mapping: unknown): Promise<LineReader> {
    for await (const { text, isWhole } of readLines(path)) {
      if (text === '' && !isWhole) break;
      const first = parseExportLine(text);
      if (first?.kind === 'header') {
        if (mapping !== undefined) throw new ImportRefusedError('This is an export of a log, which needs no mapping.');
        return new ExportedLines(first.header);
      }
      const { registry, serializer } = this;
      return new MappedLines(text, checkMapping(mapping ?? {}), {
        registry,
        serializer,
        eventSize: this.eventSizeLimit,
      });
    }
    throw new ImportRefusedError('The file has no line.');
  }
}

function refusePart({ header }: ExportedLines): void {
  if (header.category === undefined) return;
  throw new ImportRefusedError(
    `The file has only the category ${header.category}, so its positions can't be kept. Add its events at new positions, with --onto.`,
  );
}
