import { EventsHandler } from '@nestjs/cqrs';
import { type EventContext, Retry, SideEffect, type SideEffectHandler } from '../../src/index.js';
import { CounterRaised } from '../counters/counter.js';

export const SHARED = 'counters.shared';

export interface SharedCall {
  /** The handler instance, which shows the node that it ran on. */
  readonly handler: SharedEffect;
  readonly stream: string;
  readonly position: number;
}

/** Calls of the side effect on all nodes, and a hook that runs before each. */
export const shared: { calls: SharedCall[]; before: (call: SharedCall) => void | Promise<void> } = {
  calls: [],
  before: () => undefined,
};

/** A side effect whose streams several nodes share. */
@Retry({ attempts: 3, backoff: { first: 20, longest: 80 }, deaths: 3 })
@SideEffect({ name: SHARED, startAt: 'beginning' })
@EventsHandler(CounterRaised)
export class SharedEffect implements SideEffectHandler<CounterRaised> {
  async handle(_event: CounterRaised, { stream, position }: EventContext): Promise<void> {
    const call = { handler: this, stream, position };
    await shared.before(call);
    shared.calls.push(call);
  }
}

export function resetShared(): void {
  shared.calls = [];
  shared.before = () => undefined;
}
