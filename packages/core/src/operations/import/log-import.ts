import { stat } from 'node:fs/promises';
import type { Databases } from '../../databases/databases.js';
import type { EventSerializer } from '../../event-log/event-serializer.js';
import { establishIdentity } from '../../event-log/log-identity.js';
import { LookUpFiller } from '../../event-log/look-ups/look-up-filler.js';
import type { EventRegistry } from '../../events/event-registry.js';
import { parseExportLine } from '../export-file/file-lines.js';
import { readLines } from '../export-file/read-lines.js';
import { ExportedLines } from './exported-lines.js';
import { announce, readLogState, storeBatch } from './import-batch.js';
import { ImportClaim, lockLog } from './import-claim.js';
import { ImportRefusedError } from './import.errors.js';
import type { IncomingEvent, LineReader } from './incoming-event.js';
import { MappedLines } from './mapped-lines.js';
import { checkMapping } from './mapping.js';
import { type BatchPlan, planBatch, type PlanRules } from './plan-batch.js';

/** Options of an import. */
export interface LogImportOptions {
  /** Adds the events that the log lacks at new positions, also beside a running application. */
  readonly onto?: boolean;
  /** For a file of another program: how its lines become events; see `ImportMapping`. */
  readonly mapping?: unknown;
  /** Only says what would be done. */
  readonly dryRun?: boolean;
  /** Called after each batch: how much of the file is done; positions of an export, else bytes. */
  readonly onProgress?: (done: number, of: number) => void;
  /** Interrupts it between two batches. The same import goes on from there. */
  readonly signal?: AbortSignal;
}

/** What an import has done. */
export interface LogImportReport {
  /** Number of events that were stored. */
  readonly added: number;
  /** Number of events that were there already. */
  readonly skipped: number;
  /** Number of events whose time was before that of the log's last event. They have that time, and their own in the metadata. */
  readonly laterTimes: number;
  /** The first and the last position that it filled; 0 when it stored nothing. */
  readonly from: number;
  readonly to: number;
}

/** The most events, and bytes of their texts, that one transaction stores. */
const BATCH = { events: 1_000, bytes: 4 * 1024 * 1024 };

/**
 * Stores the events of a file in the log. An export keeps positions, times and ids in an empty log; tags are sealed anew
 * with the log's own key.
 */
export class LogImport {
  constructor(
    private readonly databases: Databases,
    private readonly registry: EventRegistry,
    private readonly serializer: EventSerializer,
    private readonly eventSizeLimit: number,
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
    const work = new Work(this.databases, rules, claim, options);
    let bytes = 0;
    for await (const { text, number } of readLines(path)) {
      bytes += Buffer.byteLength(text) + 1;
      const event = lines.read(text, number);
      if (event && (await work.add(event))) {
        const [done, of] = lines instanceof ExportedLines ? [event.position!, lines.header.until] : [bytes, size];
        options.onProgress?.(done, Math.max(done, of));
      }
    }
    await work.flush();
    lines.finish();
    if (!options.dryRun) await new LookUpFiller(this.databases.events).fill(undefined, options.signal);
    return work.report;
  }

  private async linesOf(path: string, mapping: unknown): Promise<LineReader> {
    for await (const { text } of readLines(path)) {
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

/** Collects events, and stores them in batches. */
class Work {
  private batch: IncomingEvent[] = [];
  private bytes = 0;
  private done: LogImportReport = { added: 0, skipped: 0, laterTimes: 0, from: 0, to: 0 };
  /** In a dry run: what the batches before would have stored. */
  private readonly imagined = {
    versions: new Map<string, number>(),
    closed: new Set<string>(),
    head: 0,
    recordedAt: 0,
  };

  constructor(
    private readonly databases: Databases,
    private readonly rules: PlanRules,
    private readonly claim: ImportClaim | undefined,
    private readonly options: LogImportOptions,
  ) {}

  get report(): LogImportReport {
    return this.done;
  }

  /** @returns whether a batch was stored */
  async add(event: IncomingEvent): Promise<boolean> {
    this.batch.push(event);
    this.bytes += event.data.length + event.metadata.length;
    if (this.batch.length < BATCH.events && this.bytes < BATCH.bytes) return false;
    await this.flush();
    return true;
  }

  async flush(): Promise<void> {
    this.options.signal?.throwIfAborted();
    const { batch } = this;
    [this.batch, this.bytes] = [[], 0];
    if (batch.length === 0) return;
    this.count(this.options.dryRun ? await this.imagine(batch) : await this.store(batch));
  }

  private store(batch: readonly IncomingEvent[]): Promise<BatchPlan> {
    const { events } = this.databases;
    return events.write.transaction(async ({ queryRunner: runner }) => {
      await lockLog(events, runner!);
      const state = await readLogState(runner!, batch);
      await this.claim?.check(runner!, state.head);
      const plan = planBatch(batch, state, this.rules);
      if (plan.events.length === 0) return plan;
      await storeBatch(runner!, plan);
      await this.claim?.advance(runner!, plan.events.at(-1)!.position);
      await announce(runner!, events);
      return plan;
    });
  }

  private async imagine(batch: readonly IncomingEvent[]): Promise<BatchPlan> {
    const { imagined } = this;
    const runner = this.databases.events.read.createQueryRunner();
    const state = await readLogState(runner, batch).finally(() => runner.release());
    const plan = planBatch(
      batch,
      {
        ...state,
        head: Math.max(state.head, imagined.head),
        recordedAt: Math.max(state.recordedAt, imagined.recordedAt),
        versions: new Map(
          [...state.versions].map(([stream, version]) => [stream, imagined.versions.get(stream) ?? version]),
        ),
        closed: new Set([...state.closed, ...imagined.closed]),
      },
      this.rules,
    );
    for (const { stream, version, closes, position, recordedAt } of plan.events) {
      imagined.versions.set(stream, version);
      if (closes) imagined.closed.add(stream);
      Object.assign(imagined, { head: position, recordedAt });
    }
    return plan;
  }

  private count({ events, skipped, laterTimes }: BatchPlan): void {
    const { done } = this;
    this.done = {
      added: done.added + events.length,
      skipped: done.skipped + skipped,
      laterTimes: done.laterTimes + laterTimes,
      from: done.from || (events[0]?.position ?? 0),
      to: events.at(-1)?.position ?? done.to,
    };
  }
}

function refusePart({ header }: ExportedLines): void {
  if (header.category === undefined) return;
  throw new ImportRefusedError(
    `The file has only the category ${header.category}, so its positions can't be kept. Add its events at new positions, with --onto.`,
  );
}
