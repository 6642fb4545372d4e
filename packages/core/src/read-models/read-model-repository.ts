import { type EntityManager, type FindOptionsWhere, type ObjectLiteral, Repository } from 'typeorm';
import { PlainFinds } from './plain-finds.js';
import type { RowClass } from './row.js';

type Where<T> = FindOptionsWhere<T> | FindOptionsWhere<T>[];

/**
 * TypeORM's repository of a read model's entity. `findBy` and `findOneBy` with plain values run as prepared statements.
 */
export class ReadModelRepository<T extends ObjectLiteral> extends Repository<T> {
  private readonly plain: PlainFinds<T> | undefined;

  constructor(entity: RowClass<T>, manager: EntityManager) {
    super(entity, manager);
    this.plain = PlainFinds.of<T>(manager.dataSource, this.metadata);
  }

  override async findBy(where: Where<T>): Promise<T[]> {
    const conditions = this.plain?.conditionsIn(where);
    return conditions ? this.plain!.find(conditions) : super.findBy(where);
  }

  override async findOneBy(where: Where<T>): Promise<T | null> {
    const conditions = this.plain?.conditionsIn(where);
    return conditions ? this.plain!.findOne(conditions) : super.findOneBy(where);
  }
}
