import { type DataSource, type EntityMetadata, FindOperator, type ObjectLiteral } from 'typeorm';
import type { Dialect } from '../databases/dialects/dialect.js';
import { dialectOf } from '../databases/dialects/dialect-of.js';
import { briefReadsOn, preparedWithin } from '../databases/prepare.js';
import type { PreparedStatements } from '../databases/prepared-statements.js';
import { isReadFromReplica } from '../databases/replicas/replicas.js';
import { areOf, isPlain } from './plain-columns.js';
import type { ColumnMetadata } from './row.js';

/** What rows have to meet, as a part of a statement. */
export interface Conditions {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** An index finds the rows. */
  readonly areIndexed: boolean;
}

/** The most values that are looked for, and the most rows that are read, together with other reads. */
const FEW = 16;

/**
 * Finds rows by values of their columns, with statements that are prepared once and need no query builder. The rows are those
 * that TypeORM's `findBy` would return, in about a fifth of its processor time.
 */
export class PlainFinds<T extends ObjectLiteral> {
  private readonly dialect: Dialect;
  private readonly briefReads: PreparedStatements;
  private readonly select: string;
  private readonly columns: readonly { readonly column: ColumnMetadata; readonly isPlain: boolean }[];
  /** The columns that conditions may name, by property. */
  private readonly searched: ReadonlyMap<string, ColumnMetadata>;
  /** Properties of each key and index, in its order. */
  private readonly indices: readonly (readonly string[])[];

  private constructor(
    private readonly dataSource: DataSource,
    private readonly metadata: EntityMetadata,
  ) {
    const { columns, primaryColumns, uniques, indices, tableName } = metadata;
    this.dialect = dialectOf(dataSource);
    this.briefReads = briefReadsOn(dataSource);
    this.columns = columns.map((column) => ({ column, isPlain: isPlain(column) }));
    const whole = [...uniques, ...indices.filter(({ where }) => !where)].map((each) => each.columns);
    this.indices = [primaryColumns, ...whole].map((index) => index.map(({ propertyName }) => propertyName));
    this.searched = new Map(
      columns
        .filter((column) => isPlain(column) && !column.embeddedMetadata)
        .map((column) => [column.propertyName, column]),
    );
    this.select = `select ${columns.map((column) => this.quoted(column)).join(', ')} from ${dataSource.driver.escape(tableName)} where `;
  }

  /** Undefined for an entity that TypeORM reads with more than a `select` of its columns. */
  static of<T extends ObjectLiteral>(dataSource: DataSource, metadata: EntityMetadata): PlainFinds<T> | undefined {
    const spatial: readonly unknown[] = dataSource.driver.spatialTypes;
    const isSimple =
      metadata.eagerRelations.length === 0 &&
      metadata.lazyRelations.length === 0 &&
      metadata.relationIds.length === 0 &&
      Object.keys(metadata.orderBy ?? {}).length === 0 &&
      metadata.columns.every(
        (column) =>
          column.isSelect && !column.isVirtualProperty && !column.isDeleteDate && !spatial.includes(column.type),
      );
    return isSimple ? new PlainFinds<T>(dataSource, metadata) : undefined;
  }

  /** The conditions, if each is that a plain column has a value, or one of several; undefined for all others. */
  conditionsIn(where: unknown): Conditions | undefined {
    // Nest's subscribers register themselves while the application starts, maybe after this was made.
    if (typeof where !== 'object' || where === null || this.dataSource.subscribers.length > 0) return undefined;
    const parameters: unknown[] = [];
    const parts: string[] = [];
    let most = 1;
    for (const [property, value] of Object.entries(where)) {
      const column = this.searched.get(property);
      if (!column) return undefined;
      const values = listIn(value);
      if (typeof value === 'string' || typeof value === 'number') {
        parts.push(`${this.quoted(column)} = ?`);
        parameters.push(value);
      } else if (values && areOf(column, values)) {
        parts.push(this.dialect.isAnyOf(this.quoted(column)));
        parameters.push(this.dialect.list(values));
        most *= values.length;
      } else return undefined;
    }
    if (parts.length === 0) return undefined;
    const areIndexed = most <= FEW && this.indices.some((index) => isBeginning(index, where));
    return { sql: parts.join(' and '), parameters, areIndexed };
  }

  /** @throws QueryFailedError */
  async findOne(conditions: Conditions): Promise<T | null> {
    const [row] = await this.rows(this.select + conditions.sql, conditions, ' limit 1');
    return row ? this.entityOf(row) : null;
  }

  /** @throws QueryFailedError */
  async find(conditions: Conditions): Promise<T[]> {
    return (await this.rows(this.select + conditions.sql, conditions)).map((row) => this.entityOf(row));
  }

  private async rows(
    sql: string,
    { parameters, areIndexed }: Conditions,
    limit = '',
  ): Promise<readonly (readonly unknown[])[]> {
    if (areIndexed && !isReadFromReplica(this.dataSource)) {
      const { rows } = await this.briefReads.run(sql + (limit || ` limit ${FEW + 1}`), parameters);
      if (rows.length <= FEW) return rows;
    }
    // No other read has to wait for many rows, or for a look through the whole table.
    // A runner takes its connection from where the running query reads; see `Replicas`.
    const runner = this.dataSource.createQueryRunner();
    try {
      return (await preparedWithin(runner).run(sql + limit, parameters)).rows;
    } finally {
      await runner.release();
    }
  }

  private entityOf(values: readonly unknown[]): T {
    const { driver } = this.dataSource;
    const entity = this.metadata.create(undefined, { fromDeserializer: true }) as T;
    for (const [index, { column, isPlain: passes }] of this.columns.entries()) {
      const value = values[index];
      column.setEntityValue(entity, passes ? value : (driver.prepareHydratedValue(value, column) as unknown));
    }
    for (const listener of this.metadata.afterLoadListeners) listener.execute(entity);
    return entity;
  }

  private quoted({ databaseName }: ColumnMetadata): string {
    return this.dataSource.driver.escape(databaseName);
  }
}

/** Whether the conditions are on the first columns of an index, and on no others. */
function isBeginning(index: readonly string[], where: object): boolean {
  const count = Object.keys(where).length;
  return count <= index.length && index.slice(0, count).every((property) => Object.hasOwn(where, property));
}

/** The values of TypeORM's `In`. */
function listIn(value: unknown): readonly unknown[] | undefined {
  if (!(value instanceof FindOperator) || value.type !== 'in') return undefined;
  return Array.isArray(value.value) ? (value.value as unknown[]) : undefined;
}
