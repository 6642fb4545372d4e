import type { DataSource, EntityMetadata, Table } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

/** Parts of a table, as comparable texts. */
interface Described {
  readonly column: readonly string[];
  readonly 'unique key on': readonly string[];
  readonly 'index on': readonly string[];
}

/**
 * Differences between the tables of the migrations and the entities: tables, columns with their types and
 * nullability, primary keys, unique keys and indexes. Other parts of a migration, such as triggers, are not
 * checked.
 */
export async function schemaDifferences(dataSource: DataSource): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  try {
    const differences: string[] = [];
    for (const entity of dataSource.entityMetadatas) {
      const table = await runner.getTable(entity.tableName);
      differences.push(...(table ? compare(dataSource, table, entity) : [`${entity.tableName}: no such table`]));
    }
    return differences;
  } finally {
    await runner.release();
  }
}

function compare(dataSource: DataSource, table: Table, entity: EntityMetadata): string[] {
  const expressions = entity.indices.filter((index) => !index.synchronize).map((index) => index.name);
  const has = describeTable(dataSource, table, expressions);
  const wants = describeEntity(dataSource, entity);
  return (['column', 'unique key on', 'index on'] as const).flatMap((kind) => [
    ...missing(has[kind], wants[kind]).map((each) => `${entity.tableName}: no ${kind} ${each}`),
    ...missing(wants[kind], has[kind]).map((each) => `${entity.tableName}: the entity has no ${kind} ${each}`),
  ]);
}

/** @param expressions names of indexes on expressions, whose expressions neither an entity nor TypeORM can tell */
function describeTable(
  dataSource: DataSource,
  { columns, uniques, indices }: Table,
  expressions: readonly (string | undefined)[],
): Described {
  const [unique, plain] = [indices.filter((index) => index.isUnique), indices.filter((index) => !index.isUnique)];
  return {
    column: columns.map((each) => describe(each.name, typeOf(dataSource, each.type), each)),
    'unique key on': [...uniques, ...unique].map((key) => list(key.columnNames)),
    'index on': plain.map(({ name, columnNames }) =>
      expressions.includes(name) ? `an expression, ${name}` : list(columnNames),
    ),
  };
}

function describeEntity(dataSource: DataSource, { columns, uniques, indices }: EntityMetadata): Described {
  const [unique, plain] = [indices.filter((index) => index.isUnique), indices.filter((index) => !index.isUnique)];
  const names = (key: { columns: ColumnMetadata[] }): string => list(key.columns.map((column) => column.databaseName));
  return {
    column: columns.map((each) =>
      describe(each.databaseName, typeOf(dataSource, dataSource.driver.normalizeType(each)), each),
    ),
    'unique key on': [...uniques, ...unique].map(names),
    'index on': plain.map((index) => (!index.synchronize ? `an expression, ${index.name}` : names(index))),
  };
}

function describe(name: string, type: string, column: { isNullable: boolean; isPrimary: boolean }): string {
  return `${name} ${type}${column.isPrimary ? ' primary key' : ''}${column.isNullable ? '' : ' not null'}`;
}

/** SQLite knows affinities, not types. Source: "Datatypes In SQLite", section 3.1. */
function typeOf(dataSource: DataSource, type: string): string {
  if (dataSource.options.type === 'postgres') return type;
  if (/int/i.test(type)) return 'integer';
  return /char|clob|text/i.test(type) ? 'text' : type;
}

function missing(from: readonly string[], wanted: readonly string[]): string[] {
  return wanted.filter((each) => !from.includes(each));
}

/** In alphabetical order: TypeORM does not read the order of a key's columns from PostgreSQL. */
function list(columns: readonly string[]): string {
  return columns.toSorted().join(', ');
}
