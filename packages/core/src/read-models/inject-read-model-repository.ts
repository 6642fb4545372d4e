import { InjectRepository } from '@nestjs/typeorm';
import type { RowClass } from './row.js';

/**
 * Injects TypeORM's repository of a read model's entity into a query handler. It is read-only: the database refuses
 * writes, because only the projection writes these rows. `findOneBy` with the whole primary key is the fastest way to a
 * row: a prepared statement, without TypeORM's query builder. Equivalent to `@InjectRepository(Entity, 'views')`.
 */
export function InjectReadModelRepository(entity: RowClass): ParameterDecorator {
  return InjectRepository(entity, 'views');
}
