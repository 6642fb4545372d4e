import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { Databases } from '../databases/databases.js';
import { execute, select } from '../databases/execute.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { EventQuery } from '../events/event-query.js';
import { type JsonObject, decodeJson, encodeJson } from '../events/json.js';
import { describeEvent } from '../events/domain-event.decorator.js';
import { type DecisionModelClass, type Evolving, describeModel } from './decision-model.decorator.js';
import { identityOf } from './model-query.js';

interface Snapshot {
  /** Position of the last event that the state includes. */
  readonly position: number;
  readonly state: JsonObject;
}

interface SnapshotRow {
  readonly model: string;
  readonly query: string;
  readonly schemaVersion: number;
  readonly position: number;
  readonly eventId: string;
  readonly state: string;
}

/**
 * Stored states of decision models that declare a `snapshotVersion`: the last one of each query. A snapshot is only a
 * faster way to the same state.
 */
export class ModelSnapshots {
  private readonly logger = new Logger(ModelSnapshots.name);
  private readonly waiting = new Map<string, SnapshotRow>();
  private writing: Promise<void> | undefined;

  constructor(
    private readonly databases: Databases,
    /** Events between two snapshots of a state; 0 for none. */
    private readonly every: number,
  ) {}

  async find(modelClass: DecisionModelClass, query: EventQuery, tagsGeneration: number): Promise<Snapshot | undefined> {
    const { name, snapshotVersion } = describeModel(modelClass);
    if (this.every === 0 || snapshotVersion === undefined) return undefined;
    // A snapshot belongs to this log only if the event that it names is stored at its position.
    const [row] = await select<{ position: number | string; state: string }>(
      this.databases.events.read,
      `select s.position, s.state from leftfold_decision_snapshots s
         join leftfold_events e on e.position = s.position and cast(e.event_id as text) = s.event_id
        where s.model = ? and s.query = ? and s.schema_version = ?`,
      [name, hashOf(query, tagsGeneration), snapshotVersion],
    );
    if (!row) return undefined;
    try {
      return { position: Number(row.position), state: decodeJson<JsonObject>(row.state) };
    } catch {
      // The state can be folded from the events, and the next snapshot replaces this one.
      return undefined;
    }
  }

  /** Whether enough events were folded since the last snapshot to take another one. */
  isDue(modelClass: DecisionModelClass, events: number): boolean {
    const { snapshotVersion, events: classes } = describeModel(modelClass);
    if (this.every === 0 || events < this.every || snapshotVersion === undefined) return false;
    // A stored state could hold the data of a person who is forgotten.
    return !classes.some((eventClass) => describeEvent(eventClass).personal.length > 0);
  }

  /** Takes a snapshot now and writes it after the current request. One that can't be taken is left out. */
  take(
    modelClass: DecisionModelClass,
    query: EventQuery,
    tagsGeneration: number,
    state: Evolving,
    { position, eventId }: RecordedEvent,
  ): void {
    const { name, snapshotVersion } = describeModel(modelClass);
    const hash = hashOf(query, tagsGeneration);
    const of = { model: name!, query: hash, schemaVersion: snapshotVersion!, position, eventId };
    try {
      this.waiting.set(`${of.model} ${of.query}`, { ...of, state: encodeJson(state.takeSnapshot!(), 'snapshot') });
    } catch (error) {
      this.logger.warn(
        `No snapshot of ${modelClass.name} can be taken, so it is folded from its events: ${(error as Error).message}`,
      );
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

  private async write(rows: readonly SnapshotRow[]): Promise<void> {
    await this.databases.besideTheLog(async ({ queryRunner }) => {
      for (const { model, query, schemaVersion, position, eventId, state } of rows) {
        await execute(
          queryRunner!,
          `insert into leftfold_decision_snapshots (model, query, schema_version, position, event_id, state)
           values (?, ?, ?, ?, ?, ?)
           on conflict (model, query) do update set schema_version = excluded.schema_version,
             position = excluded.position, event_id = excluded.event_id, state = excluded.state`,
          [model, query, schemaVersion, position, eventId, state],
        );
      }
    });
  }
}

/** A snapshot of a state that lacks events, because they had no tags yet, is not found again. */
function hashOf(query: EventQuery, tagsGeneration: number): string {
  const generation = tagsGeneration > 0 ? `${tagsGeneration} ` : '';
  return createHash('sha256')
    .update(`${generation}${identityOf(query)}`)
    .digest('base64url');
}
