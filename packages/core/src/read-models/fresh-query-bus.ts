import { Inject, Injectable } from '@nestjs/common';
import { type IQuery, QueryBus } from '@nestjs/cqrs';
import { MessageContext } from '../commands/message-context.js';
import { ReadModelPositions } from './read-model-positions.js';
import { sourcesOf } from './reads-from.decorator.js';

/** The query bus of `@nestjs/cqrs`. A query with a minimum position waits until the read models have reached it. */
@Injectable()
export class FreshQueryBus extends QueryBus {
  @Inject(MessageContext) private readonly context: MessageContext;
  @Inject(ReadModelPositions) private readonly positions: ReadModelPositions;

  override async execute<T extends IQuery, R>(query: T): Promise<R> {
    const { minPosition, actor } = this.context.origin;
    if (minPosition !== undefined) await this.positions.waitFor(minPosition, sourcesOf(query), actor);
    return super.execute<T, R>(query);
  }
}
