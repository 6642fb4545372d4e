import { type EntityManager, type FindOptionsWhere, type ObjectLiteral, Repository } from 'typeorm';
import type { RowClass } from './row.js';
import { RowByKey } from './row-by-key.js';

/**
 * TypeORM's repository of a read model's entity. `findOneBy` with the whole primary key, and nothing else, runs as a prepared
 * statement.
 */
export class ReadModelRepository<T extends ObjectLiteral> extends Repository<T> {
  private readonly byKey: RowByKey<T> | undefined;

  constructor(entity: RowClass<T>, manager: EntityManager) {
    super(entity, manager);
    this.byKey = RowByKey.of<T>(manager.dataSource, this.metadata);
  }

  override async findOneBy(where: FindOptionsWhere<T> | FindOptionsWhere<T>[]): Promise<T | null> {
    const key = this.byKey?.keyIn(where);
    return key ? this.byKey!.find(key) : super.findOneBy(where);
  }
}
