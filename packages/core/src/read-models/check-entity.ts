import type { DataSource, EntityMetadata } from 'typeorm';
import { SetupError } from '../errors.js';
import type { ColumnMetadata, RowClass } from './row.js';

/** @throws SetupError when the class is no entity */
export function metadataOf(views: DataSource, entity: RowClass): EntityMetadata {
  if (views.hasMetadata(entity)) return views.getMetadata(entity);
  throw new SetupError(`The read model ${entity.name} has no @Entity. Add it.`);
}

/**
 * Refuses an entity whose rows a ReadModel can't store exactly as given.
 * @throws SetupError
 */
export function refuseUnsupportedEntity(metadata: EntityMetadata): void {
  const reason = reasonAgainstEntity(metadata);
  if (reason) throw new SetupError(`The read model ${metadata.name} ${reason}.`);
  for (const column of metadata.columns) {
    const against = reasonAgainstColumn(column);
    if (against) throw new SetupError(`${metadata.name}.${column.propertyPath} ${against}.`);
  }
}

function reasonAgainstEntity(metadata: EntityMetadata): string | undefined {
  if (metadata.tableType !== 'regular')
    return `is of the type "${metadata.tableType}". Make it an @Entity with a table`;
  if (metadata.inheritancePattern || metadata.discriminatorColumn) {
    return 'is part of a table inheritance. Give each class a table of its own';
  }
  if (metadata.treeType) return 'is a tree. Keep the key of the parent in a column';
  if (metadata.schema || metadata.database) {
    return 'names a schema. Leave it out: all read models are in the schema of the views database';
  }
  if (metadata.primaryColumns.length === 0) return 'has no primary key. Give it a @PrimaryColumn';
  const relation = metadata.relations.find(({ isManyToManyOwner }) => isManyToManyOwner);
  if (relation) return `has the relation ${relation.propertyName} with a join table. Make an entity of that table`;
  const listener = metadata.listeners.find(({ type }) => type !== 'after-load');
  if (listener)
    return `has a listener, ${listener.propertyName}, that a ReadModel does not call. Do its work in the projection`;
  return undefined;
}

function reasonAgainstColumn(column: ColumnMetadata): string | undefined {
  const fromEvent = 'Make it a plain @Column and set it from the event';
  if (column.isVirtual) {
    return `is stored in a column without a property. Add @Column({ name: "${column.databaseName}" }) for the key of the relation`;
  }
  if (column.isCreateDate || column.isUpdateDate)
    return `would be set by the clock, and differ in a rebuild. ${fromEvent}`;
  if (column.isVersion) return `would be counted by TypeORM. ${fromEvent}`;
  if (column.isGenerated) return `would be generated, and differ in a rebuild. ${fromEvent}`;
  if (column.asExpression !== undefined) return `is computed by the database. Leave it out of the entity`;
  if (column.embeddedMetadata?.isArray) return 'is in an embedded array. Use a json column';
  return undefined;
}
