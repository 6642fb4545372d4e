import { Causation, type CausationGraph } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { GetCausationQuery } from './get-causation.query.js';

@QueryHandler(GetCausationQuery)
export class GetCausationHandler implements IQueryHandler<GetCausationQuery> {
  constructor(private readonly causation: Causation) {}

  execute({ correlationId }: GetCausationQuery): Promise<CausationGraph> {
    return this.causation.of(correlationId);
  }
}
