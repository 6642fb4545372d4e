import type { DataSource, EntityManager } from 'typeorm';
import type { OpenDatabase } from '../databases/open-database.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { EventSerializer } from '../event-log/event-serializer.js';
import { ShadowManager } from './rebuild/shadow-manager.js';
import type { KeptRows } from './kept-rows.js';
import type { ReadModelSubscription } from './read-model-subscription.js';
import { type Projecting, project } from './project.js';
import type { BatchTables } from './read-model-batch.js';
import type { RowLayouts } from './row-layouts.js';

/** Events to fold into rows, and how to write their checkpoint. */
export interface ProjectedBatch extends Pick<Projecting, 'share' | 'ending' | 'advance'> {
  /** Rows in memory from earlier batches into the same tables. */
  readonly kept: KeptRows;
  readonly events: readonly RecordedEvent[];
  /** Position up to which the batch reaches, which may be beyond its last event. */
  readonly to: number;
}

/** Folds events into the rows of read models. */
export class Projector {
  constructor(
    readonly views: OpenDatabase,
    private readonly layouts: RowLayouts,
    readonly serializer: EventSerializer,
  ) {}

  /**
   * Folds into the live tables.
   * @returns the committed position
   * @throws HandlerFailure, BatchFailure, LeaseLostError; then nothing is committed
   */
  intoLiveTables(subscription: ReadModelSubscription, batch: ProjectedBatch): Promise<number> {
    return this.project(subscription, batch, { reads: this.views.read.manager, within: (manager) => manager });
  }

  /**
   * Folds into the shadow tables of a rebuild.
   * @param shadow provides the metadata of the shadow tables
   * @param liveTables names that the projection's own SQL must not contain
   * @returns the committed position
   * @throws HandlerFailure, BatchFailure, LeaseLostError; then nothing is committed
   */
  async intoShadowTables(
    subscription: ReadModelSubscription,
    batch: ProjectedBatch,
    shadow: DataSource,
    liveTables: readonly string[],
  ): Promise<number> {
    const runner = this.views.read.createQueryRunner();
    try {
      return await this.project(subscription, batch, {
        reads: new ShadowManager(shadow, runner, liveTables),
        within: (manager: EntityManager) => new ShadowManager(shadow, manager.queryRunner!, liveTables),
      });
    } finally {
      await runner.release();
    }
  }

  private project(
    { handler, key, ownRows, entities }: ReadModelSubscription,
    { events, to, kept, ...how }: ProjectedBatch,
    managers: Pick<BatchTables, 'reads' | 'within'>,
  ): Promise<number> {
    const { layouts, serializer, views } = this;
    const tables = { entities, layouts, kept, ...managers };
    return project({ handler, key, ownRows, serializer, database: views.write, tables, ...how }, events, to);
  }
}
