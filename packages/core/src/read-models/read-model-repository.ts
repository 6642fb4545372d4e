import { type EntityManager, type FindOptionsWhere, type ObjectLiteral, type QueryRunner, Repository } from 'typeorm';
import { metadataOf } from './check-entity.js';
import { type Conditions, PlainFinds } from './plain-finds.js';
import type { RowClass } from './row.js';

type Where<T> = FindOptionsWhere<T> | FindOptionsWhere<T>[];

/**
 * TypeORM's repository of a read model's entity. `findBy` and `findOneBy` with plain values run as prepared statements.
 */
export class ReadModelRepository<T extends ObjectLiteral> extends Repository<T> {
  private readonly plain: PlainFinds<T> | undefined;

  constructor(entity: RowClass<T>, manager: EntityManager, queryRunner?: QueryRunner) {
    super(entity, manager, queryRunner);
    this.plain = PlainFinds.of<T>(manager.dataSource, metadataOf(manager.dataSource, entity));
  }

  override async findBy(where: Where<T>): Promise<T[]> {
    const conditions = this.conditionsIn(where);
    return conditions ? this.plain!.find(conditions) : super.findBy(where);
  }

  override async findOneBy(where: Where<T>): Promise<T | null> {
    const conditions = this.conditionsIn(where);
    return conditions ? this.plain!.findOne(conditions) : super.findOneBy(where);
  }

  /** Undefined in a transaction, too: TypeORM reads on its connection. */
  private conditionsIn(where: Where<T>): Conditions | undefined {
    return (this.queryRunner ?? this.manager.queryRunner) ? undefined : this.plain?.conditionsIn(where);
  }
}
