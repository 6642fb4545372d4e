import { Logger } from '@nestjs/common';
import type { Databases } from '../databases/databases.js';
import { numbered } from '../databases/placeholders.js';
import { type JsonObject, decodeJson, encodeJson } from '../events/json.js';
import { KERNEL } from './aggregate-root.js';
import { type AggregateClass, type AnyAggregate, describeAggregate, streamOf } from './aggregate.decorator.js';

export interface Snapshot {
  readonly version: number;
  readonly eventId: string;
  readonly state: JsonObject;
}

interface SnapshotRow {
  readonly version: number | string;
  readonly event_id: string;
  readonly schema_version: number;
  readonly state: string;
}

/** Reads snapshots, and writes them when nobody waits for it. A snapshot is only ever a shorter way to the same state. */
export class Snapshots {
  private readonly logger = new Logger(Snapshots.name);
  private readonly waiting = new Map<string, unknown[]>();
  private writing: Promise<void> | undefined;

  constructor(
    private readonly databases: Databases,
    /** Events between two snapshots of an aggregate; 0 for none. */
    private readonly every: number,
  ) {}

  /** The snapshot of this shape, if there is one that can be read. */
  async find(aggregateClass: AggregateClass, id: string): Promise<Snapshot | undefined> {
    const schemaVersion = this.schemaVersionOf(aggregateClass);
    if (schemaVersion === undefined) return undefined;
    const [row] = await this.databases.events.read.query<SnapshotRow[]>(
      this.sql('select version, event_id, schema_version, state from snapshots where stream = ?'),
      [streamOf(aggregateClass, id)],
    );
    if (row?.schema_version !== schemaVersion) return undefined;
    try {
      return { version: Number(row.version), eventId: row.event_id, state: decodeJson<JsonObject>(row.state) };
    } catch {
      // It can't be parsed: the events tell the same, and a new one replaces it.
      return undefined;
    }
  }

  /**
   * Takes a snapshot when enough events came since the last one, and writes it after whatever is being answered now.
   * @returns whether it was taken
   */
  offer(
    aggregateClass: AggregateClass,
    aggregate: AnyAggregate,
    at: { version: number; eventId: string; lastSnapshot: number },
  ): boolean {
    const schemaVersion = this.schemaVersionOf(aggregateClass);
    if (schemaVersion === undefined || at.version - at.lastSnapshot < this.every) return false;
    const state = encodeJson(aggregate[KERNEL].takeSnapshot(), 'snapshot');
    const stream = streamOf(aggregateClass, aggregate.id);
    this.waiting.set(stream, [stream, at.version, at.eventId, schemaVersion, state]);
    this.writing ??= this.writeAll();
    return true;
  }

  /** Settles when everything that was taken is written. */
  async settled(): Promise<void> {
    await this.writing;
  }

  private schemaVersionOf(aggregateClass: AggregateClass): number | undefined {
    return this.every > 0 ? describeAggregate(aggregateClass).snapshotVersion : undefined;
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

  private async write(rows: readonly unknown[][]): Promise<void> {
    await this.databases.besideTheLog(async (manager) => {
      for (const row of rows) {
        await manager.query(
          this.sql(
            `insert into snapshots (stream, version, event_id, schema_version, state) values (?, ?, ?, ?, ?)
             on conflict (stream) do update set version = excluded.version, event_id = excluded.event_id,
               schema_version = excluded.schema_version, state = excluded.state`,
          ),
          row,
        );
      }
    });
  }

  private sql(text: string): string {
    return this.databases.events.write.kind === 'postgres' ? numbered(text) : text;
  }
}
