import { Inject, Injectable } from '@nestjs/common';
import { type IQuery, QueryBus } from '@nestjs/cqrs';
import { MessageContext } from '../commands/message-context.js';
import { ReadModelPositions } from './read-model-positions.js';
import { sourcesOf } from './reads-from.decorator.js';
import { ReplicaReads } from './replica-reads.js';

/**
 * The query bus of `@nestjs/cqrs`. A query with a minimum position waits until the read models have reached it. With
 * replicas, each query reads from one of them, or from the primary.
 */
@Injectable()
export class FreshQueryBus extends QueryBus {
  @Inject(MessageContext) private readonly context: MessageContext;
  @Inject(ReadModelPositions) private readonly positions: ReadModelPositions;
  @Inject(ReplicaReads) private readonly reads: ReplicaReads;

  override async execute<T extends IQuery, R>(query: T): Promise<R> {
    const { minPosition, actor } = this.context.origin;
    const sources = sourcesOf(query);
    const wait = async (): Promise<void> => {
      if (minPosition !== undefined) await this.positions.waitFor(minPosition, sources, actor);
    };
    const ask = (): Promise<R> => super.execute<T, R>(query);
    if (this.context.command || sources?.length === 0) {
      await wait();
      return this.reads.onPrimary(ask);
    }
    return this.reads.run({ sources, position: this.floor, wait }, ask);
  }

  /** Position that a replica must have: the caller's, or that of what was stored in this context before. */
  private get floor(): number | undefined {
    const { origin, outcome } = this.context;
    const { minPosition } = origin;
    if (!outcome) return minPosition;
    return Math.max(outcome.position, minPosition ?? 0);
  }
}
