import { Inject } from '@nestjs/common';
import type { EntityManager, ObjectLiteral } from 'typeorm';
import { Handling } from './handling.js';
import type { RowClass, RowKey } from './row.js';

/**
 * The rows that a projection writes. It holds no state: while an event is handled it gives copies of the rows as the
 * database would hold them, and takes down what is saved and removed. The end of the batch writes that in multi-row
 * statements, with the checkpoint. A row that is changed and not saved stays as it was.
 */
export class ReadModel<T extends ObjectLiteral> {
  constructor(private readonly entity: RowClass<T>) {}

  /**
   * A copy of the row as earlier events left it; undefined when there is none. It looks as TypeORM reads it: a bigint is
   * text on PostgreSQL, for example, unless a transformer makes a number of it.
   * @throws RowRefusedError when the value can't be a key
   */
  get(key: RowKey): Promise<T | undefined> {
    return Handling.awaited((batch) => batch.rows(this.entity).get(key));
  }

  /**
   * Inserts the row, or replaces the one of the same key, with all columns.
   * @throws RowRefusedError when a column can't hold its value
   */
  save(row: T): void {
    Handling.batch().rows(this.entity).save(row);
  }

  /**
   * Removes the row, if there is one.
   * @throws RowRefusedError when the value can't be a key
   */
  remove(key: RowKey): void {
    Handling.batch().rows(this.entity).remove(key);
  }

  /** Name of the table in this batch, quoted, for SQL by hand. During a rebuild it is a shadow table. */
  get table(): string {
    const { tableName, dataSource } = Handling.batch().tableOf(this.entity);
    return dataSource.driver.escape(tableName);
  }

  /**
   * The transaction of the batch, for what rows by key can't express. Writes out and forgets what the batch has in
   * memory, so that both see the same rows. It stays open until the batch ends, and on SQLite keeps others from writing:
   * don't wait for the world while you have it. Ask for it anew after a `save`, which SQL does not see before. Name tables
   * by `table`, and await each statement before the next: the connection runs one at a time.
   */
  manager(): Promise<EntityManager> {
    return Handling.awaited((batch) => batch.handOver());
  }
}

const tokens = new WeakMap<RowClass, symbol>();

/** Token of the `ReadModel` of an entity: one for each class, because two classes may have one name. */
export function readModelToken(entity: RowClass): symbol {
  let token = tokens.get(entity);
  if (!token) tokens.set(entity, (token = Symbol(`ReadModel(${entity.name})`)));
  return token;
}

/** Injects the `ReadModel` of an entity that `forFeature({ readModels })` lists. */
export const InjectReadModel = (entity: RowClass): ParameterDecorator => Inject(readModelToken(entity));
