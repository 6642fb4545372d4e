import { Inject } from '@nestjs/common';
import type { EntityManager, ObjectLiteral } from 'typeorm';
import { Handling } from './handling.js';
import type { RowClass, RowKey } from './row.js';

/**
 * The rows that a projection writes. While an event is handled, it returns copies of the rows as the database would
 * hold them, and collects saved and removed rows. At the end of the batch they are written with multi-row statements,
 * together with the checkpoint. A changed row that is not saved keeps its old values.
 */
export class ReadModel<T extends ObjectLiteral> {
  constructor(private readonly entity: RowClass<T>) {}

  /**
   * A copy of the row after all earlier events; undefined when there is none. Values are as TypeORM reads them: a
   * bigint is a string on PostgreSQL, for example, unless a transformer makes it a number.
   * @throws RowRefusedError when the value can't be a key
   */
  get(key: RowKey): Promise<T | undefined> {
    return Handling.awaited((handling) => handling.rowsFor(this.entity, key).get(key));
  }

  /**
   * Inserts the row, or replaces the one of the same key, with all columns.
   * @throws RowRefusedError when a column can't hold its value
   */
  save(row: T): void {
    Handling.current().rowsFor(this.entity, row).save(row);
  }

  /**
   * Removes the row, if there is one.
   * @throws RowRefusedError when the value can't be a key
   */
  remove(key: RowKey): void {
    Handling.current().rowsFor(this.entity, key).remove(key);
  }

  /** Quoted name of the table in this batch, for SQL. During a rebuild it is a shadow table. */
  get table(): string {
    const { tableName, dataSource } = Handling.batch().tableOf(this.entity);
    return dataSource.driver.escape(tableName);
  }

  /**
   * The transaction of the batch, for changes that rows by key can't express. It first writes and forgets the batch's
   * rows in memory, so that SQL and `get` see the same data. The transaction stays open until the batch ends and on
   * SQLite blocks other writers, so do no network calls while it is open. Call it again after a `save`, which SQL does
   * not see before. Get table names from `table`, and await each statement before the next: the connection runs one at
   * a time.
   */
  manager(): Promise<EntityManager> {
    return Handling.awaited((handling) => handling.openForSql());
  }
}

const tokens = new WeakMap<RowClass, symbol>();

/** Injection token of the `ReadModel` of an entity: one per class, because two classes may have the same name. */
export function readModelToken(entity: RowClass): symbol {
  let token = tokens.get(entity);
  if (!token) tokens.set(entity, (token = Symbol(`ReadModel(${entity.name})`)));
  return token;
}

/** Injects the `ReadModel` of an entity that `forFeature({ readModels })` lists. */
export const InjectReadModel = (entity: RowClass): ParameterDecorator => Inject(readModelToken(entity));
