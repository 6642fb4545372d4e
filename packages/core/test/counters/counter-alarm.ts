import { EventsHandler } from '@nestjs/cqrs';
import { type EventContext, Retry, SideEffect, type SideEffectHandler } from '../../src/index.js';
import { CounterOpened, CounterRaised } from './counter.js';

export interface Call {
  readonly counterId: string;
  readonly position: number;
  readonly eventId: string;
}

/** Calls of the alarm, and a hook that runs before each; tests inject faults there. */
export const alarm: { calls: Call[]; before: (call: Call) => void | Promise<void> } = {
  calls: [],
  before: () => undefined,
};

export const ALARM = 'counters.alarm';

/** A side effect that records its calls. It runs as one, so that tests can tell which node has its lease. */
@Retry({ attempts: 3, backoff: { first: 20, longest: 80 }, deaths: 3 })
@SideEffect({ name: ALARM, startAt: 'beginning', partitioned: false })
@EventsHandler(CounterRaised)
export class CounterAlarm implements SideEffectHandler<CounterRaised> {
  async handle({ counterId }: CounterRaised, { position, eventId }: EventContext): Promise<void> {
    const call = { counterId, position, eventId };
    await alarm.before(call);
    alarm.calls.push(call);
  }
}

/** The same, but it begins with events stored from now on. */
@SideEffect({ name: 'counters.greeter', partitioned: false })
@EventsHandler(CounterOpened)
export class CounterGreeter implements SideEffectHandler<CounterOpened> {
  handle({ counterId }: CounterOpened, { position, eventId }: EventContext): void {
    alarm.calls.push({ counterId, position, eventId });
  }
}
