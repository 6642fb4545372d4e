import type { DataSource, EntityManager } from 'typeorm';
import type { ProjectedBatch, Projector } from '../projector.js';
import type { ReadModelSubscription } from '../read-model-subscription.js';
import { compareTables, type TableComparison } from './compare-tables.js';
import type { ShadowTables } from './shadow.js';

/** The shadow tables of one read model. Methods with a manager run inside its transaction. */
export class ReadModelShadow {
  private readonly liveTables: readonly string[];

  constructor(
    private readonly subscription: ReadModelSubscription,
    private readonly projector: Projector,
    private readonly tables: ShadowTables,
    /** Provides the metadata of the shadow tables. */
    private readonly metadata: DataSource,
  ) {
    const { dataSource } = projector.views.write;
    this.liveTables = subscription.entities.map((entity) => dataSource.getMetadata(entity).tableName);
  }

  /** Whether all shadow tables exist. */
  exists(manager: EntityManager): Promise<boolean> {
    return this.tables.exist(manager, this.liveTables);
  }

  /** @throws UnrebuildableTableError when a swap would lose a property of a table */
  create(manager: EntityManager): Promise<void> {
    return this.tables.create(manager, this.liveTables);
  }

  /** Replaces the live tables by the shadow tables. Must be the last thing in its transaction. See `ShadowTables`. */
  swap(manager: EntityManager): Promise<void> {
    return this.tables.swap(manager, this.liveTables);
  }

  drop(manager: EntityManager): Promise<void> {
    return this.tables.drop(manager, this.liveTables);
  }

  /**
   * @returns the committed position
   * @throws HandlerFailure, BatchFailure, LeaseLostError; then nothing is committed
   */
  project(batch: ProjectedBatch): Promise<number> {
    return this.projector.intoShadowTables(this.subscription, batch, this.metadata, this.liveTables);
  }

  /** How the rows of the live tables differ from those of the shadow tables, by table. */
  async compare(): Promise<TableComparison[]> {
    const { read } = this.projector.views;
    const comparison: TableComparison[] = [];
    for (const entity of this.subscription.entities) {
      comparison.push(await compareTables(read.manager, read.getMetadata(entity)));
    }
    return comparison;
  }
}
