import type { DataSource, EntityMetadata, ObjectLiteral } from 'typeorm';
import { SetupError } from '../errors.js';
import { sameColumns, type TableColumn, type TableShape } from './columns/table-shape.js';
import type { StoredType } from './columns/stored-type.js';
import type { ColumnMetadata, RowClass } from './row.js';
import { type Field, RowLayout } from './row-layout.js';

/** A literal, optionally in parentheses and with a cast, so that it always evaluates to the same value. */
const LITERAL = /^\(*(?:'(?:[^']|'')*'|-?\d+(?:\.\d+)?|true|false)\)*(?:::[\w\s"[\].,()]+)?$/i;

/** @throws SetupError when the table does not match the entity */
export async function layOutRows<T extends ObjectLiteral>(
  entity: RowClass<T>,
  metadata: EntityMetadata,
  views: DataSource,
  table: TableShape | undefined,
): Promise<RowLayout<T>> {
  if (!table) {
    throw new SetupError(`${metadata.name} has no table "${metadata.tableName}". List the migration that creates it.`);
  }
  const fields: Field[] = [];
  for (const property of metadata.columns) {
    if (!property.isVirtualProperty) fields.push(await fieldOf(metadata, property, views, table));
  }
  const key = metadata.primaryColumns.map(({ databaseName }) => databaseName);
  if (!table.uniqueKeys.some((each) => sameColumns(each, key))) {
    throw new SetupError(
      `The primary key of ${metadata.name} is ${key.join(', ')}, and the table "${metadata.tableName}" has none of these ` +
        'columns alone. Make them its primary key in a migration.',
    );
  }
  const own = new Set(fields.map(({ column }) => column.databaseName));
  const others = [...table.columns.values()].filter(({ name, isComputed }) => !own.has(name) && !isComputed);
  return new RowLayout(entity, metadata, fields, views.driver, {
    hasOtherUniqueness: table.hasOtherUniqueness(key),
    isReplaceable: others.length === 0 && !table.hasDependents,
    lists: table.lists,
  });
}

async function fieldOf(
  metadata: EntityMetadata,
  property: ColumnMetadata,
  views: DataSource,
  table: TableShape,
): Promise<Field> {
  const where = `${metadata.name}.${property.propertyPath}`;
  const column = table.columns.get(property.databaseName);
  if (!column) {
    throw new SetupError(
      `${where} has no column: the table "${metadata.tableName}" has none named "${property.databaseName}". ` +
        'Add it in a migration.',
    );
  }
  if (column.isComputed) {
    throw new SetupError(`${where} is computed by the database, and can't be written. Leave it out of the entity.`);
  }
  const type = column.storedAs(property);
  if (!type) {
    throw new SetupError(
      `${where} is a ${nameOf(property)} in a column of the type ${column.typeName}, which a read model does not support. ` +
        `Use another type in the migration and in @Column: ${table.supportedTypes}.`,
    );
  }
  if (property.isPrimary && !type.keyText) {
    throw new SetupError(
      `${where} is part of the primary key, and the type ${column.typeName} can't be: values that are written ` +
        'differently may be equal there. Use text, a UUID, a number or a time.',
    );
  }
  return {
    column: property,
    type,
    typeName: column.typeName,
    isNullable: column.isNullable && !property.isPrimary,
    ...(await defaultOf(column, type, views)),
  };
}

async function defaultOf(
  { default: sql }: TableColumn,
  type: StoredType,
  views: DataSource,
): Promise<Pick<Field, 'fallback' | 'varyingDefault'>> {
  if (sql === null || /^null(?:::|$)/i.test(sql)) return {};
  if (!LITERAL.test(sql)) return { varyingDefault: sql };
  const [{ value } = { value: null }] = await views.query<{ value: unknown }[]>(`select ${sql} as value`);
  if (value === null) return {};
  return { fallback: type.fromDriver ? type.fromDriver(value) : type.normalize(value) };
}

function nameOf({ type }: ColumnMetadata): string {
  return typeof type === 'function' ? type.name : type;
}
