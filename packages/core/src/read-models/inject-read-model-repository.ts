import { InjectRepository } from '@nestjs/typeorm';
import type { RowClass } from './row.js';

/**
 * Injects TypeORM's repository of a read model's entity into a query handler. It reads; writing is refused by the database,
 * because rows are written by their projection alone. The same as `@InjectRepository(Entity, 'views')`.
 */
export function InjectReadModelRepository(entity: RowClass): ParameterDecorator {
  return InjectRepository(entity, 'views');
}
