import { Inject } from '@nestjs/common';
import type { EntityManager, ObjectLiteral } from 'typeorm';
import { ReadModelBatch } from './read-model-batch.js';
import type { RowClass, RowKey } from './row.js';

/**
 * The rows that a projection writes. It holds no state: within a batch of events it is an identity map, written in
 * multi-row statements with the checkpoint at the batch's end; outside of one it throws.
 */
export class ReadModel<T extends ObjectLiteral> {
  constructor(private readonly entity: RowClass<T>) {}

  /** The row as this batch has left it so far; undefined when there is none. */
  get(key: RowKey): Promise<T | undefined> {
    return ReadModelBatch.current().rows(this.entity).get(key);
  }

  /** Inserts the row, or replaces the one of the same key. */
  save(row: T): void {
    ReadModelBatch.current().rows(this.entity).save(row);
  }

  /** Removes the row, if there is one. */
  remove(key: RowKey): void {
    ReadModelBatch.current().rows(this.entity).remove(key);
  }

  /** Name of the table in this batch, quoted, for SQL by hand. During a rebuild it is a shadow table. */
  get table(): string {
    const { tableName, dataSource } = ReadModelBatch.current().tableOf(this.entity);
    return dataSource.driver.escape(tableName);
  }

  /**
   * The transaction of the batch, for what rows by key can't express. Writes out and forgets what the batch has in
   * memory, so that both see the same rows. It stays open until the batch ends, and on SQLite keeps others from writing:
   * don't wait for the world while you have it. Name tables by `table`.
   */
  manager(): Promise<EntityManager> {
    return ReadModelBatch.current().handOver();
  }
}

export function readModelToken(entity: RowClass): string {
  return `ReadModel(${entity.name})`;
}

/** Injects the `ReadModel` of an entity that `forFeature({ readModels })` lists. */
export const InjectReadModel = (entity: RowClass): ParameterDecorator => Inject(readModelToken(entity));
