import type { DataSource } from 'typeorm';
import type { DatabaseKind } from '../databases/database-url.js';
import { SetupError } from '../errors.js';
import { postgresTableShape } from './columns/postgres-table-shape.js';
import { sqliteTableShape } from './columns/sqlite-table-shape.js';
import type { ReadTableShape } from './columns/table-shape.js';
import type { UnstorableText } from './columns/text-types.js';
import { metadataOf, refuseUnsupportedEntity } from './check-entity.js';
import { layOutRows } from './lay-out-rows.js';
import type { RowClass } from './row.js';
import type { RowLayout } from './row-layout.js';

const SHAPES: Record<DatabaseKind, (unstorable: UnstorableText) => ReadTableShape> = {
  sqlite: sqliteTableShape,
  postgres: postgresTableShape,
};

/** How the rows of every read model of this application are stored. */
export class RowLayouts {
  private constructor(private readonly layouts: ReadonlyMap<RowClass, RowLayout>) {}

  /**
   * Compares each entity with its table.
   * @param views is migrated
   * @throws SetupError with an entity, a column, and what to change, when the table can't store rows exactly
   */
  static async read(
    kind: DatabaseKind,
    views: DataSource,
    entities: readonly RowClass[],
    unstorable: UnstorableText,
  ): Promise<RowLayouts> {
    const shapeOf = SHAPES[kind](unstorable);
    const layouts = new Map<RowClass, RowLayout>();
    const tables = new Map<string, RowClass>();
    for (const entity of new Set(entities)) {
      const metadata = metadataOf(views, entity);
      refuseUnsupportedEntity(metadata);
      const other = tables.get(metadata.tableName);
      if (other) {
        throw new SetupError(
          `Two entities of read models, ${other.name} and ${entity.name}, have the table "${metadata.tableName}". ` +
            'Give each a table of its own.',
        );
      }
      tables.set(metadata.tableName, entity);
      layouts.set(entity, await layOutRows(entity, metadata, views, await shapeOf(views, metadata.tableName)));
    }
    return new RowLayouts(layouts);
  }

  /** @throws SetupError when no `forFeature({ readModels })` lists the entity */
  of(entity: RowClass): RowLayout {
    const layout = this.layouts.get(entity);
    if (layout) return layout;
    throw new SetupError(`${entity.name} is no read model. List it in EventSourcingModule.forFeature({ readModels }).`);
  }
}
