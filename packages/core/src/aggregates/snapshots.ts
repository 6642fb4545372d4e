import { Logger } from '@nestjs/common';
import type { Databases } from '../databases/databases.js';
import { type JsonObject, decodeJson, encodeJson } from '../events/json.js';
import { type AggregateClass, describeAggregate, streamOf } from './aggregate.decorator.js';
import { describeEvent } from '../events/domain-event.decorator.js';
import type { SubjectKeys } from '../personal-data/key-store.js';
import type { SnapshotCopies } from './snapshot-copies.js';
import { spacingOf } from './snapshot-spacing.js';
import { type SnapshotKey, type SnapshotRow, keepFew, snapshotStatement, upsertStatement } from './snapshot-rows.js';

/** A fold other than the aggregate's own whose states are stored as snapshots, for reading past versions. */
export interface KeptFold {
  /** Name of the fold, unique for the aggregate. It is stored; never change it. */
  readonly name: string;
  /** Version of the state's shape and meaning. Raise it when the fold changes. */
  readonly version: number;
}

export interface Snapshot {
  /** Version that the state includes, with the position of its event. */
  readonly version: number;
  readonly position: number;
  /** Undefined when it can't be parsed, or a subject of its personal data is forgotten. */
  readonly state: JsonObject | undefined;
  /** The keys of the personal data in the state. */
  readonly keys: SubjectKeys;
  /** Length of its text. */
  readonly size: number;
}

/** Reads snapshots, and writes them in the background. A snapshot is only a faster way to the same state. */
export class Snapshots {
  private readonly logger = new Logger(Snapshots.name);
  private readonly waiting = new Map<string, SnapshotRow>();
  private writing: Promise<void> | undefined;

  constructor(
    private readonly databases: Databases,
    /** Events between two snapshots of an aggregate; 0 for none. */
    private readonly every: number,
    private readonly copies: SnapshotCopies,
  ) {}

  /** Undefined when no snapshots are taken of this aggregate. */
  keyOf(aggregateClass: AggregateClass, id: string, fold?: KeptFold): SnapshotKey | undefined {
    const { snapshotVersion, events } = describeAggregate(aggregateClass);
    const schemaVersion = fold ? fold.version : snapshotVersion;
    if (this.every === 0 || schemaVersion === undefined) return undefined;
    const isPersonal = events.some((eventClass) => describeEvent(eventClass).personal.length > 0);
    return { stream: streamOf(aggregateClass, id), fold: fold?.name ?? 'aggregate', schemaVersion, isPersonal };
  }

  /** The last snapshot up to a version of the stream that has this shape and belongs to this log. */
  async find(
    { stream, fold, schemaVersion }: SnapshotKey,
    upTo = Number.MAX_SAFE_INTEGER,
  ): Promise<Snapshot | undefined> {
    const { rows } = await this.databases.events.briefReads.run(snapshotStatement, [stream, fold, schemaVersion, upTo]);
    const [row] = rows as readonly (readonly [version: unknown, position: unknown, state: string])[];
    if (!row) return undefined;
    const [version, position] = [Number(row[0]), Number(row[1])];
    const opened = await this.copies.open({ stream, fold, version, state: row[2] });
    const { text, keys } = opened ?? { text: undefined, keys: new Map() };
    return { version, position, state: text === undefined ? undefined : parsed(text), keys, size: row[2].length };
  }

  /** Whether enough events were stored since the last snapshot to take another one. */
  isDue(version: number, lastSnapshot: number): boolean {
    return version - lastSnapshot >= this.every;
  }

  /** Whether a state at this version is kept for reading past versions. */
  isKept(version: number, end: number): boolean {
    return version % spacingOf(end, this.every) === 0;
  }

  /**
   * Takes a snapshot now and writes it after the current request. One that can't be taken is left out, because the events
   * may be stored already.
   */
  take(key: SnapshotKey, { version, eventId }: { version: number; eventId: string }, stateOf: () => object): void {
    try {
      const row = { ...key, version, eventId, state: encodeJson(stateOf(), 'snapshot') };
      this.waiting.set(`${key.fold} ${version} ${key.stream}`, row);
    } catch (error) {
      const { message } = error as Error;
      this.logger.warn(`No snapshot of ${key.stream} can be taken, so it is folded from its events: ${message}`);
      return;
    }
    this.writing ??= this.writeAll();
  }

  /** Settles when all snapshots taken so far are written. */
  async settled(): Promise<void> {
    await this.writing;
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.size > 0) {
      await new Promise<void>((resume) => setImmediate(resume));
      const rows = [...this.waiting.values()];
      this.waiting.clear();
      try {
        await this.write(rows);
      } catch (error) {
        this.logger.warn(`Snapshots could not be written, and will be taken again later: ${(error as Error).message}`);
      }
    }
    this.writing = undefined;
  }

  private async write(taken: readonly SnapshotRow[]): Promise<void> {
    const rows: SnapshotRow[] = [];
    for (const row of taken) {
      const stored = row.isPersonal ? await this.copies.seal(row) : row;
      if (stored) rows.push(stored);
    }
    const keys = new Map(rows.map((row) => [`${row.fold} ${row.stream}`, row]));
    await this.databases.besideTheLog(async (manager) => {
      const run = <Row>(sql: string, parameters: unknown[]): Promise<Row[]> => manager.query(this.sql(sql), parameters);
      for (const row of rows) {
        const { stream, fold, version, eventId, schemaVersion, state } = row;
        await run(upsertStatement, [stream, fold, version, eventId, schemaVersion, state]);
      }
      for (const key of keys.values()) await keepFew(run, key, this.every);
    });
  }

  private sql(text: string): string {
    return this.databases.events.write.dialect.withPlaceholders(text);
  }
}

function parsed(state: string): JsonObject | undefined {
  try {
    return decodeJson<JsonObject>(state);
  } catch {
    // The state can be folded from the events, and a new snapshot replaces this one.
    return undefined;
  }
}
